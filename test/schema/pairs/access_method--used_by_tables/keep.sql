select a=4 from t;
