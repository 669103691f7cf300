select a=1 from t
