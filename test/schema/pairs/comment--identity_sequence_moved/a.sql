create table t(n int generated always as identity); comment on sequence t_n_seq is 'ns';
