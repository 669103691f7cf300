select count(*)=2 and (select count(*)=1 from td) from t;
