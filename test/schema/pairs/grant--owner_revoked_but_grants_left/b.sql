create table t(a int);
grant select on t to bench_r1 with grant option; set role bench_r1; grant select on t to bench_r2; reset role; revoke select on t from postgres;
