create table a1(x int, y int); create table a2(x int, y int); create table c() inherits (a1, a2);
