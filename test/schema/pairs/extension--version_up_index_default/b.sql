create extension pg_trgm version '1.6'; create table t(a text, s real default similarity('a','b')); create index i on t using gin(a gin_trgm_ops);
