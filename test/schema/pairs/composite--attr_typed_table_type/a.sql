create type c as (a int, b text); create table t of c (primary key (a)); create table u (c c); create view v as select a from t;
