create table t(a int);
grant select, insert on t to bench_r1 with grant option;
set role bench_r1; grant insert on t to public; reset role;
revoke grant option for select on t from bench_r1;
