alter default privileges grant all on sequences to bench_r1;
create table t(a serial); revoke all on sequence t_a_seq from bench_r1; grant select on sequence t_a_seq to bench_r2;
