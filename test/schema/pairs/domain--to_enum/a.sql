create domain s as text; create table t(b s);
