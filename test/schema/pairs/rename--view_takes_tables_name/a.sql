create table base(a int);
create view v as select a from base; create table t(a int, z text);
