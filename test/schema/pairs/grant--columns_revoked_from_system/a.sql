create extension pg_stat_statements; revoke select (subname) on pg_subscription from public; grant select (query) on pg_stat_statements to bench_r2;
