create table t(a int);
grant select on t to bench_r1;
