create table x(a int); create view y as select 1 as b;
