create foreign data wrapper w; create server sv foreign data wrapper w; create foreign table ft(a int, b int) server sv;
grant usage on foreign data wrapper w to bench_r1; grant usage on foreign server sv to bench_r1 with grant option;
grant select on ft to bench_r1;
