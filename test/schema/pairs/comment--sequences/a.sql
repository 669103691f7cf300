create sequence q; create table t(id serial, n int generated always as identity);
