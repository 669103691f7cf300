create table t(a int);
create view v as select 1 as a; create policy p on t using (a in (select a from v));
