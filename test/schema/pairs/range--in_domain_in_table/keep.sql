select lower(x)=1 from t;
