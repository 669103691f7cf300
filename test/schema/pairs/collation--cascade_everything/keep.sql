select count(*)=1 and (select count(*)=1 from u where y is not null) from t;
