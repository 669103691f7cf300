select m=3.5 and o=7 from t
