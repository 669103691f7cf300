create schema x;
create extension hstore; create table t(h hstore default hstore('a','b'), check (exist(h,'a')));
