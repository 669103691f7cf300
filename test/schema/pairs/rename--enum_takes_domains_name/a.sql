create type e as enum ('a','b'); create domain d as int; create table t(x e);
