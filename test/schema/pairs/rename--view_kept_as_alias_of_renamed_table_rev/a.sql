create table u(a int, b int); create view t as select a, b from u; create function f() returns setof t language sql as 'select * from t'; grant select on u to bench_r1;
