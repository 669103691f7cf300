create type e as enum('a'); create table m(k e) partition by list(k);
