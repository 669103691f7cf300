create table t(a int);
create sequence i increment 7;
