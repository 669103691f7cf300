create schema s; create table s.t(id serial primary key, a int); create view s.v as select * from s.t;
