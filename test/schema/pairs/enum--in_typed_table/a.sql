create type e as enum('a','b','c'); create type c as (k e, n int); create table t of c (primary key(k)); create table u(x c);
