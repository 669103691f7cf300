create table t(a int);
create function f() returns setof t language sql begin atomic select * from t where a > 0; end; create view v as select a, 1 as one from f(); create function g() returns bigint language sql begin atomic select sum(one) from v; end; create view w as select g() as n, 2 as two;
