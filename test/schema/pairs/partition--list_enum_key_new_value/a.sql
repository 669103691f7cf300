create type e as enum('a','b'); create table m(k e) partition by list(k); create table ma partition of m for values in ('a'); create table mb partition of m for values in ('b');
