insert into t values ('x',1.25); refresh materialized view m;
