create table t(id int generated always as identity, b int) partition by list(b); create table t1 partition of t default;
