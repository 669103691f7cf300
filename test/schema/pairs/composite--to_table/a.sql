create type c as (a int); create table u(x c);
