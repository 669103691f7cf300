create table t(a int generated always as identity); grant select on sequence t_a_seq to bench_r1; comment on sequence t_a_seq is 'x';
