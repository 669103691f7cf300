create table t(a int generated always as identity); grant select on sequence t_a_seq to bench_r1;
