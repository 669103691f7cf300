create unlogged sequence s cache 10; grant usage on sequence s to bench_r1; comment on sequence s is 'x';
