select nextval('t_a_seq') > 7 from t limit 1;
