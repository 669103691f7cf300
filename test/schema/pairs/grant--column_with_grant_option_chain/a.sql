create table t(a int, b int);
grant select(a), update(b) on t to bench_r1 with grant option;
