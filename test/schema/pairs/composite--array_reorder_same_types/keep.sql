select (b[1]).x = 1 and (b[1]).y = 2 from t;
