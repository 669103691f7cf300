select x::int=9 from t;
