select b='a' from t;
