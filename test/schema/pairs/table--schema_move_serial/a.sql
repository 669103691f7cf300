create schema s; create table t(i serial);
