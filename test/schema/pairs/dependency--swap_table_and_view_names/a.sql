create table t(a int); create view v as select a from t;
create function f() returns setof t language sql as 'select * from t';
