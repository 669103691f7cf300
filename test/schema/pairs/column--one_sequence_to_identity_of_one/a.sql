create table t(a bigint generated always as identity, b bigint default nextval('t_a_seq'));

