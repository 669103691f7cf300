create domain d as bigint; create type c as (k d); create table t of c;
