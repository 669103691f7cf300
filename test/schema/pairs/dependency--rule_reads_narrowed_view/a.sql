create table t(a int);
create view v as select 1 as a, 2 as b; create rule r as on update to t do also select b from v;
