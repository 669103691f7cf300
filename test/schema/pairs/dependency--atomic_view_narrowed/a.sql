create view v as select 1 as a, 2 as b; create function g() returns bigint language sql begin atomic select sum(b) from v; end; create view w as select g() as n;
