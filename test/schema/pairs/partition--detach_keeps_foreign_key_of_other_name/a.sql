create table r(a int primary key);
create table p(a int, b int constraint f references r) partition by range(a);
create table p1(a int, b int constraint own references r);
alter table p attach partition p1 for values from (0) to (9);
