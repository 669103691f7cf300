create type c as (x bigint, y int); create type o as (c c, k int); create table t(b o);
