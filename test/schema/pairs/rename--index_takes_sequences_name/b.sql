create table t(a int);
create index s on t (a);
