select m=3.5 from t
