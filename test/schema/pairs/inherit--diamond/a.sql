create table a(x int); create table b() inherits(a); create table c() inherits(a); create table d() inherits(b,c);
