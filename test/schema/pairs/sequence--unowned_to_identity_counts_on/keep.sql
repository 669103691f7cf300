select nextval('t_id_seq')=4
