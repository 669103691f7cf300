create type e as enum('b','a'); create type c as (k e, n int); create table t of c (primary key(k)); create table u(x c);
