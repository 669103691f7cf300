select (x).b='z' and (x).a=1 from t;
