create type r as range(subtype=int4); create table t(a r primary key, b r[]); create view v as select * from t; create domain d as r; create table w(z d);
