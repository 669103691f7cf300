create table t(a money);
