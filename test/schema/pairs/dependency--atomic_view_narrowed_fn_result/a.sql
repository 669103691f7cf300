create table t(a int);
create function f() returns setof t language sql begin atomic select * from t; end; create view v as select a, 1 as b from f(); create function g() returns bigint language sql begin atomic select sum(b) from v; end;
