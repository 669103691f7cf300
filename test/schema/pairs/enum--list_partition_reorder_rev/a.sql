create type e as enum('c','a','b');
create table t(k e, n int) partition by range(k);
create table t1 partition of t for values from ('c') to ('a');
create table t2 partition of t for values from ('a') to (maxvalue);
create index on t(k,n);
create view v as select * from t where k > 'a';
