create schema x;
create extension hstore schema x; create table t(h x.hstore default x.hstore('a','b'), check (x.exist(h,'a')));
