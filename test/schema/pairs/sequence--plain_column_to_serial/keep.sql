select nextval('t_a_seq') = 3;
