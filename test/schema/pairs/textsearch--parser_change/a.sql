create text search configuration c (parser = 'default'); create table t(a text); create index on t using gin(to_tsvector('c', a));
