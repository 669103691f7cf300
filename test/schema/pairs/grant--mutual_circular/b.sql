create table t(a int);
grant select on t to bench_r2 with grant option; set role bench_r2; grant select on t to bench_r1 with grant option; set role bench_r1; grant select on t to public; reset role;
