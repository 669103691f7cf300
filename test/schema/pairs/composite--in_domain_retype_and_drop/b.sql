create type c as (x bigint); create domain d as c; create table t(b d);
