create schema s; create table t(i int generated always as identity, n text unique); create index on t(n);
