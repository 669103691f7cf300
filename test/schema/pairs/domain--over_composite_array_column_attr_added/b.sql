create type c as (x int, y int); create domain d as c check ((value).x > 1); create table t(a d[]);
