create table t(a int);
create view zv as select 1 as m;
