create type e as enum('a','b');
create table t(k e) partition by list(k);
create table ta partition of t for values in ('a');
create table td partition of t default;
