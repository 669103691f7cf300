create text search configuration c (copy = pg_catalog.simple); create table t(a text); create index on t using gin(to_tsvector('c', a));
