create table t(a int);
create view v as select 1 as a; create rule r as on update to t do also select a from v;
