create type e as enum('a','b'); create type r as range(subtype=e); create table u(x r); create table t(k e) partition by list(k); create table t1 partition of t for values in ('a');
