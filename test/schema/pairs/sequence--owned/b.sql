create sequence s2 as smallint start 5 increment -1 minvalue -100 maxvalue 10 cycle; create table t(a int default nextval('s2'), b serial, c bigserial) ;
