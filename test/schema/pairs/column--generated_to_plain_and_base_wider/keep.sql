select g=6 from t
