create schema x;
create extension pg_trgm; create table t(a text); create index i on t using gin(a gin_trgm_ops); create view v as select similarity(a,'x') as s from t; create function f() returns real language sql begin atomic select similarity('a','b'); end;
