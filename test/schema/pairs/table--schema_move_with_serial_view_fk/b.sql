create schema s; create table s.t(i serial primary key); create table r(i int references s.t); create view v as select i from s.t;
