select x=7 from t;
