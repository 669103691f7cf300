select a = 5 from t;
