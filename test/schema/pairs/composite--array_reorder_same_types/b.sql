create type c as (y int, x int); create table t(b c[]);
