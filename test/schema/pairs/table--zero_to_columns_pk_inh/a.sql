create table t(); create table c() inherits (t);
