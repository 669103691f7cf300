create table a(x int, n int default 3); create table b() inherits(a);
