select ((b).c).x = 1 from t;
