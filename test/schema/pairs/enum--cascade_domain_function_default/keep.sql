select count(*)=1 from t where x::text = 'a';
