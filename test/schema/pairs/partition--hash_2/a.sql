create table t(a int, b text) partition by list(b); create table t1 partition of t for values in ('x');
