create type e as enum('x'); create table t(a int, b e);
