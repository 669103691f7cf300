create type e as enum('z','a','b','c','d'); create table t(x e default 'd'); create view v as select 'b'::e as x;
