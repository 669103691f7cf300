create type c as (x int, y int); create domain d as c; create table t(b d);
