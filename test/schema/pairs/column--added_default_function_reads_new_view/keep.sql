select b=5 from t;
