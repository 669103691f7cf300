create table a1(x int, g int generated always as (x + 1) stored); create table c1(z int) inherits (a1); create table c2() inherits (a1);
