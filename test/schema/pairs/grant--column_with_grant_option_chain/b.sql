create table t(a int, b int);
grant select(a), update(b) on t to bench_r1 with grant option;
set role bench_r1; grant select(a), update(b) on t to bench_r2 with grant option; reset role;
set role bench_r2; grant select(a) on t to public; reset role;
