select k=1 from t
