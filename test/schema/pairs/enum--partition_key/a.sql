create type e as enum('a','b'); create table t(k e) partition by list(k);
