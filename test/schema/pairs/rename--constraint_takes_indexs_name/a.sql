create table t(a int, b int);
alter table t add constraint u unique (a); create index i on t (b);
