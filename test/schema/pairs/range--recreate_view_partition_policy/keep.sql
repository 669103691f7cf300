select lower(a)=1 from t;
