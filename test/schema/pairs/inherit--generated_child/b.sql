create table a(x int, g int); create table b() inherits(a);
