create schema s; create table t(id serial primary key, v text); create view w as select * from t; create index on t(v); comment on table t is 'c';
