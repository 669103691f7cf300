create table t(a int);
create index i on t (a); create sequence s;
