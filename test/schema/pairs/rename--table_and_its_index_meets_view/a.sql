create table t(a int primary key); create view t2_pkey as select 1 as x;
