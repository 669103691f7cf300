create table t(a int, b text, c tsvector, p point, j jsonb); create index i1 on t(a); create index i2 on t using gin(c); create unique index i3 on t(b);
