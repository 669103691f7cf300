create table t(id serial); create table u(a int default nextval('t_id_seq'));

