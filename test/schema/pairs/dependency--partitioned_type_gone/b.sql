create table t(a int, b text) partition by list(a); create table t1 partition of t default;
