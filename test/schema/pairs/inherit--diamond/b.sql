create table a(x int, y int default 3 check (y>0)); create table b() inherits(a); create table c() inherits(a); create table d() inherits(b,c);
