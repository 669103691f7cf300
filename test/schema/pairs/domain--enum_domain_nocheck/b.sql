create type e as enum('a','b'); create domain d as e; create table t(x d);
