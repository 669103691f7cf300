create schema s;
create table s.t(id serial, v text, w text, x int);
