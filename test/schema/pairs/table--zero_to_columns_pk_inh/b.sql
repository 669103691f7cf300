create table t(a int primary key default 1); create table c(primary key (a)) inherits (t);
