create view v as select 1 as a, 2 as b; create function g() returns int language sql begin atomic select b from v; end; create view w as select g() as x;
