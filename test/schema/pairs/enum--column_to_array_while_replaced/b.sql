create type e as enum('b','a'); create table t(x e[]);
