select (b).x = 1 and (b).y = 2 from t;
