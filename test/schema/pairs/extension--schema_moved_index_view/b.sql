create schema x;
create extension pg_trgm schema x; create table t(a text); create index i on t using gin(a x.gin_trgm_ops); create view v as select x.similarity(a,'x') as s from t; create function f() returns real language sql begin atomic select x.similarity('a','b'); end;
