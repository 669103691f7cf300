select (b[1]).x = 1 from t;
