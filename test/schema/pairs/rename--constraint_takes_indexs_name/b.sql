create table t(a int, b int);
alter table t add constraint i unique (a);
