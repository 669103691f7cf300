create schema s; create table s.t(i int generated always as identity, n text unique); create index on s.t(n);
