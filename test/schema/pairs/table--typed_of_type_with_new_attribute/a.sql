create type ty as (a int); create table t(a int);

