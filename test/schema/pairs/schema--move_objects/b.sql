create schema r; create table r.t(a int primary key); create view r.v as select * from r.t; create function r.f() returns int language sql as 'select 1'; create type r.e as enum('x');
