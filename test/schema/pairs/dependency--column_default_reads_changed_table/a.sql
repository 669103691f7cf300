create table t(a int);
create table zz(m int);
