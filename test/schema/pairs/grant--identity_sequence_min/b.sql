create table t(n int generated always as identity);
grant usage on sequence t_n_seq to bench_r1;
