create table t(a int); create table u(a int);
alter table t add constraint i primary key (a);
