create function f(int) returns int language sql immutable as 'select $1'; create table t(a int, g int generated always as (f(a)) stored);
