create type e as enum('a','b','c');
create table t(k e not null, n int) partition by list(k);
create table ta partition of t for values in ('a');
create table tb partition of t for values in ('b','c');
