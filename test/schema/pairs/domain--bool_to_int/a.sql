create domain d as bool; create table t(a d);
