select x[1] = 'a' from t;
