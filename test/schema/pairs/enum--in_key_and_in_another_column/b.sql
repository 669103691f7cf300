create type e as enum('a','c'); create table p(x e, y e) partition by list(x); create table pa partition of p for values in ('a');

