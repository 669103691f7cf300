create extension pg_stat_statements; grant select (query, calls) on pg_stat_statements to bench_r1; grant select (subconninfo) on pg_subscription to public;
