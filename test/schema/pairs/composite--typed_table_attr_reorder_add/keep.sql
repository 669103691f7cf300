select a=1 and b='x' from t;
