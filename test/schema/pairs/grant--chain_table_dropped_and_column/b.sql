create table t(a int, b int);
grant update on t to bench_r1 with grant option; set role bench_r1; grant update(a) on t to bench_r2; reset role;
