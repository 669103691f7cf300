create type ty as (a int, c int); create table t of ty;

