create type e as enum('a','b','c'); create domain d as e default 'a'; create domain d2 as d; create table t(x d2[]);
