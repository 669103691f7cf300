create table t(a int);
create view zv as select 5 as n; create function f() returns int language plpgsql as 'begin return n from zv; end'; alter table t add b int not null default f();
