create table p(a int not null); create materialized view m as select a from p;
