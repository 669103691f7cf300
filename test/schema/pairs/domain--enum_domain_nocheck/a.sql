create type e as enum('a','b','c'); create domain d as e; create table t(x d);
