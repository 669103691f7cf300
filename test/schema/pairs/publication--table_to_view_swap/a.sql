create table t(a int); create view v as select 1 as a;
