create table t(a int generated always as identity); comment on sequence t_a_seq is 'x';
