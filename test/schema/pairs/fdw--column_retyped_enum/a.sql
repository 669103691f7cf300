create foreign data wrapper w; create server s foreign data wrapper w;
create type e as enum('a','b'); create foreign table f(a e) server s;
