create extension hstore; create table t(h hstore default 'a=>1'); create index on t using gin(h);
