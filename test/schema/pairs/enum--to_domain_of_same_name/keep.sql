select s='old' and ss[2]='old' from t;
