create table p(a int) partition by range(a); create table p1 partition of p for values from (0) to (10); create materialized view m as select a from p;
