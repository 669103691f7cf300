create table a1(x int, constraint k check (x > 0));
create table c(x int) inherits (a1);
