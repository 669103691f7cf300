create table t(a int, b int); create function f() returns setof t language sql as 'select * from t'; grant select on t to bench_r1;
