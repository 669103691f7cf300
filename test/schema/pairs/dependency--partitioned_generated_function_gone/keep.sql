select g=3 from t
