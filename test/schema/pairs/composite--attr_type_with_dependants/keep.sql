select (x).a=2 and (x).b='a' from t;
