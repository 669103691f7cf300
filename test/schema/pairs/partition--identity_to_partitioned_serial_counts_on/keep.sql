select nextval('t_id_seq')=3
