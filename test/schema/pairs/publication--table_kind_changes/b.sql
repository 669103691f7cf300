create view t as select 1 as a; create table v(a int primary key); create publication p for table v;
