create type e as enum('a','b');
create type c as (k e, ks e[]);
create domain d as c check ((value).k <> 'b');
create table t(x c[] default '{}', y d);
create function g(c) returns e language sql immutable as 'select $1.k';
create index on t (g(y));
