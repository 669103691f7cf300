create table t(a int); create table t1(a int);
