create type c as (x int, a int, b text); create table t of c;
