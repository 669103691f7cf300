create foreign data wrapper w; create server sv foreign data wrapper w; create foreign table ft(a int, b int) server sv;
grant usage on foreign data wrapper w to bench_r1 with grant option; grant usage on foreign server sv to bench_r1 with grant option;
set role bench_r1; grant usage on foreign data wrapper w to bench_r2; grant usage on foreign server sv to bench_r2; reset role;
grant select(a), update(b) on ft to public;
