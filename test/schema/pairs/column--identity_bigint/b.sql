create table t(a bigint generated always as identity primary key); create table u(t bigint references t);
