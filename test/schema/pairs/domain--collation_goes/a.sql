create collation cc (locale = 'C'); create domain d as text collate cc; create table t(a d);
