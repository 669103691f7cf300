create type c as (a bigint, b text); create table t(x c);
