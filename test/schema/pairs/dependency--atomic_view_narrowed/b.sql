create view v as select 1 as a; create function g() returns bigint language sql begin atomic select count(*) from v; end; create view w as select g() as n, 2 as two;
