select upper(x[1]) = 2 from t;
