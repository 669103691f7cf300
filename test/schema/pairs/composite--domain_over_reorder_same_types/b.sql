create type c as (y int, x int); create domain d as c; create table t(b d);
