create table p(a int) partition by range(a); create table p1(a int); create materialized view m as select 1 as a;
