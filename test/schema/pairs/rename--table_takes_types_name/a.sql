create table t(a int, b text); create type ct as (x int);
