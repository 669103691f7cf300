select m='1234.50'::money from t
