select nextval('s')=4
