create type e as enum('b','a'); create type c as (k e); create table t of c;
