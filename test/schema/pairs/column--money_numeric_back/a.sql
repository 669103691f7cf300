create table t(m numeric(10,2));
