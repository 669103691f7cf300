create domain s as text check (value in ('on','off'));
create table t(a int, b s default 'on' not null);
create view v as select b from t;
