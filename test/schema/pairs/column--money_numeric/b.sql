create table t(m numeric);
