create type e as enum('b'); create table m(k e, z int) partition by list(k); create table m1 partition of m for values in ('b');
