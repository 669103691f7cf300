create table t(a int); create table u(a int); create sequence q; alter table t owner to bench_r1; alter sequence q owner to bench_r2; alter table u owner to bench_r2; alter sequence q owned by u.a;
