create table t(a int, b int);
grant select on t to bench_r1;
