create table t(a int, b text); create materialized view m as select 1 as x;
