create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table f(x int not null, n text default 'q') server s; create table c(y int) inherits (f);
