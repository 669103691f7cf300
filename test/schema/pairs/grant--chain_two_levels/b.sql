create table t(a int, b int);
grant select, update(a) on t to bench_r1 with grant option;
set role bench_r1; grant select on t to bench_r2; grant update(a) on t to bench_r2; reset role;
