create table t(a int, b int, c text); create view v as select 1 as x;
