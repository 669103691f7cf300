create table t(id serial primary key, a int); create view v as select * from t;
