create table t(a bigint default 2, b varchar(3) default 'abc', c timestamptz default now(), d text[] default '{a}', e int default 0);
