select count(*)=2 and bool_or(b='off') from t;
