create table a(x int, g int generated always as (x+1) stored); create table b() inherits(a);
