create domain d as numeric(10,2); create table t(a d);
