create foreign data wrapper w; create server s foreign data wrapper w;
create type e as enum('b','a'); create foreign table f(a e) server s;
