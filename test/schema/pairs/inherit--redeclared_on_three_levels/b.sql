create table p(a numeric); create table d(b int) inherits(p); create table e(a numeric, c int) inherits(d); create view v as select a from e;

