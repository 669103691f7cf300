create type c as (a int); create table t of c; create table u(x c);
