create type e as enum('b','a'); create table t(k e) partition by list(k);
