create table t(a int);
create table zz(m int, n int); create function f() returns int language plpgsql as 'begin return coalesce(max(n),5) from zz; end'; alter table t add b int not null default f();
