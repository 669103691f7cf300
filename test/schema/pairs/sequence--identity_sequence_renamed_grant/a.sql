create table t(a int generated always as identity); alter sequence t_a_seq rename to "Q q"; grant select on sequence "Q q" to bench_r1; comment on sequence "Q q" is 'z';
