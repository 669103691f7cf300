select p='b' and q='y' from t;
