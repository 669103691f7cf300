create type mood as enum ('a','c');
create table t (id bigint primary key default 3, a bigint default 5, b bigint not null, c varchar(20) default 'y' not null, d varchar(50), m mood default 'a', check (b > 0), check (id > 0), new1 int default 5, new2 text, new3 uuid default gen_random_uuid(), new4 uuid default gen_random_uuid());
create view v as select id, a, b from t;
create index on t (a); create index on t(b);
comment on column t.a is 'a';
comment on column t.new2 is 'a';
