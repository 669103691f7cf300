create table t(a int primary key); create publication p for table t; create view v as select 1 as a;
