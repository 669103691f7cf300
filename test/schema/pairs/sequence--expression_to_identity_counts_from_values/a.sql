create sequence s; create table t(id bigint default (nextval('s')*10), n int); alter sequence s owned by t.id;

