create schema s; create table s.t(id serial primary key, v text); create view w as select * from s.t; create index on s.t(v); comment on table s.t is 'c';
