create schema s; create table s.t(id bigserial primary key, a int, b int); create table s.u(t bigint references s.t, c text);
