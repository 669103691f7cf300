create table t(id int generated always as identity, v int) partition by list(v); create table t1 partition of t default;
