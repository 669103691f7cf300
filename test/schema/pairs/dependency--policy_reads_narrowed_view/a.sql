create table t(a int);
create view v as select 1 as a, 2 as b; create policy p on t using (a in (select b from v));
