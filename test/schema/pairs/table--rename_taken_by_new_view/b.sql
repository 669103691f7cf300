create table y(a int); create view x as select 1 as b;
