create schema s; create table t(i serial primary key); create table r(i int references t); create view v as select i from t;
