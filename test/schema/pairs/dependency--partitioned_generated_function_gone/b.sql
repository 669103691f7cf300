create table t(a int, g int) partition by list(a); create table t1 partition of t default;
