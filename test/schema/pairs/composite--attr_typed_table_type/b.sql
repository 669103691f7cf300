create type c as (a bigint, b text); create table t of c (primary key (a)); create table u (c c); create view v as select a from t;
