create sequence q; create table t(id serial, n int generated always as identity);
comment on sequence q is 'q'; comment on sequence t_id_seq is 'ids'; comment on sequence t_n_seq is 'ns'; 
