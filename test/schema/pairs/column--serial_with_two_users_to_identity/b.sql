create table t(id int generated always as identity); create table u(a int default nextval('t_id_seq'));

