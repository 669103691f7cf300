create table t(a bigint); create materialized view m as select a from t with no data;
