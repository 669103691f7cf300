create table t(a float8);
