create table t(id serial, k int) partition by list(k); create table t1 partition of t for values in (1);

