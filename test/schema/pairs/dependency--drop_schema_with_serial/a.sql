create schema s; create table s.t(id serial primary key); create table s.u(t int references s.t);
