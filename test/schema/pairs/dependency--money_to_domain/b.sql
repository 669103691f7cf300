create domain d as numeric(14,2); create table t(a d);
