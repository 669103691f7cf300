create type e1 as enum('x','y'); create type e2 as enum('a','b');
create table t(p e2 default 'a', q e1 default 'x');
