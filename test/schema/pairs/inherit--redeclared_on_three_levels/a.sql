create table p(a int); create table d(b int) inherits(p); create table e(a int, c int) inherits(d); create view v as select a from e;

