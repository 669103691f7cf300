select (a[1]).x = 2 from t;
