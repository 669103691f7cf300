create table t(a int, n int);

