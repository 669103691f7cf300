select x::text='a' and y='b' from t;
