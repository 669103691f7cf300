create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f(x int, y text, constraint k check (x > 0)) server s;
create table c(z int) inherits (f);
