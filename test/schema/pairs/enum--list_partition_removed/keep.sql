select count(*)=2 from t;
