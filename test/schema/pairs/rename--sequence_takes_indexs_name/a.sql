create table t(a int);
create sequence s increment 7; create index i on t (a);
