select x::text='a' from t;
