create table t(a int); create table u(a int);
alter table t add constraint k primary key (a); create index i on u (a);
