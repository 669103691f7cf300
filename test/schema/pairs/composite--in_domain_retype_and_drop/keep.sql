select (b).x = 1 from t;
