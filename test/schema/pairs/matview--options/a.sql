create table t(a int, b text); create materialized view m with (fillfactor=50) as select * from t with no data; create unique index on m(a);
