create table t(a int, b int); create table l(a int); create view v as select * from t;
