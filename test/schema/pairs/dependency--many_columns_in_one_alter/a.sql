create type mood as enum ('a','b','c');
create table t (id integer primary key default 3, a integer default 5 not null, b integer, c varchar(10) default 'x', d text, m mood default 'a', gone1 int, gone2 text);
create view v as select id, a, b from t;
create index on t (a); create index on t(b);
comment on column t.a is 'a';
