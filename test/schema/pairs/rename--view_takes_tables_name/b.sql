create table base(a int);
create view t as select a from base;
