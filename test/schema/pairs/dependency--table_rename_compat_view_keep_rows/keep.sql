select b=2 from t;
