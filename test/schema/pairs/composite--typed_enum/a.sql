create type e as enum('a','b'); create type c as (k e); create table t of c;
