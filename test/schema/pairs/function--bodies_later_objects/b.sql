set check_function_bodies = off;
create function f() returns int language sql as 'select count(*)::int from tt join vv using (a)'; create table tt(a int default f()); create view vv as select a, f() as n from tt; create function g(tt) returns vv language plpgsql as $$declare x later; begin return null; end$$; create domain later as int check (f() > 0);
