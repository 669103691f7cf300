create table t(id int generated always as identity); grant usage on sequence t_id_seq to bench_r1; comment on sequence t_id_seq is 'x';
