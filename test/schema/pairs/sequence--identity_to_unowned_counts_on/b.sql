create sequence s; create table t(id bigint not null default nextval('s'));

