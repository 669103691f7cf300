select a = 'a' from t;
