create schema s; create table s.t(id serial); create table s.u(id serial);
