create table t(a int); create table u(a int); create sequence q owned by t.a; alter table t owner to bench_r1; alter table u owner to bench_r2;
