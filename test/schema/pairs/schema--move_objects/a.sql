create schema s; create table s.t(a int primary key); create view s.v as select * from s.t; create function s.f() returns int language sql as 'select 1'; create type s.e as enum('x');
