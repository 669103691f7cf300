create type c as (x int); create domain d as c check ((value).x > 0); create table t(a d[]);
