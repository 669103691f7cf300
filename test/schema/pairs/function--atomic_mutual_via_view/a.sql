create table t(a int);
create function f() returns setof t language sql begin atomic select * from t; end; create view v as select a from f(); create function g() returns bigint language sql begin atomic select count(*) from v; end; create view w as select g() as n;
