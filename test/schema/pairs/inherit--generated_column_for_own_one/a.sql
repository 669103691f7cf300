create table a1(x int); create table c1(z int) inherits (a1); create table c2(g int) inherits (a1);
