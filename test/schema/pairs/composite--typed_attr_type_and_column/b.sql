create type c as (a bigint); create table t of c; create table u(x c);
