create table v(a int); create view t as select a from v;
