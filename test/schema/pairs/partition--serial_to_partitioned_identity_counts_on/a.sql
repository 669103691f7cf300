create table t(id serial, k int);

