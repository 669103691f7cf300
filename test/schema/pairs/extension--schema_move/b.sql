create schema ex; create extension hstore schema ex; create table t(h ex.hstore default 'a=>1'); create index on t using gin(h);
