create view v as select 1 as a; create function g() returns int language sql begin atomic select a from v; end;
