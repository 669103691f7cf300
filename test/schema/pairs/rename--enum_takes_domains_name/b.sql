create type d as enum ('a','b'); create table t(x d);
