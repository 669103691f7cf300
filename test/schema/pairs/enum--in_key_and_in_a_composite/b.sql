create type e as enum('a','b'); create type c as (e e, n int); create table p(x e, y c) partition by list(x); create table pa partition of p for values in ('a');

