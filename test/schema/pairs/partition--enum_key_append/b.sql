create type e as enum('a','b'); create table m(k e) partition by list(k);
