select a='a' and b[1]='b' and c[1]='c' from t;
