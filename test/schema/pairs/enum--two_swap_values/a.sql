create type e1 as enum('a','b'); create type e2 as enum('x','y');
create table t(p e1 default 'a', q e2 default 'x');
