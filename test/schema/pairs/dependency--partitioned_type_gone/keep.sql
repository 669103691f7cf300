select b='x' from t
