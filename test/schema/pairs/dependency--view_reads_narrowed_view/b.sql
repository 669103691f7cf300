create view v as select 1 as a; create view w as select a as b from v;
