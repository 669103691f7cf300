create table t(a int); create materialized view m as select a from t; create index mi on m (a);
cluster m using mi;
