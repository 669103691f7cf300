create table t(a bool);
