create type e as enum('a','b','c'); create domain d as e check (value <> 'b'); create table t(x d);
