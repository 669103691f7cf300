create schema s; create table s.t(id int generated always as identity (sequence name s.other start 5)); grant usage on sequence s.other to bench_r1; comment on sequence s.other is 'x';
