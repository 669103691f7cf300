create table v(a int); create view t as select a from v;
create function f() returns setof t language sql as 'select * from t';
