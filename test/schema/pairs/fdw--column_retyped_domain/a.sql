create foreign data wrapper w; create server s foreign data wrapper w;
create domain d as int; create foreign table f(a d) server s;
