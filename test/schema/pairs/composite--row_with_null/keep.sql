select count(*) filter (where (x).a = 1) = 1 and count(*) filter (where x is not distinct from null) = 1 and count(*) = 3 from t;
