create table t(n serial); comment on sequence t_n_seq is 'ns';
