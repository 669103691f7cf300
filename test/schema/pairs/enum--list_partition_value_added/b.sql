create type e as enum('a','a2','b');
create table t(k e) partition by list(k);
create table ta partition of t for values in ('a');
create table ta2 partition of t for values in ('a2');
create table td partition of t default;
