create table t(a bigint, g int);

