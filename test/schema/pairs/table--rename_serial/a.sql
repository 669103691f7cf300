create table t(i serial primary key, n text);
