create domain d as int; create type c as (k d); create table t of c;
