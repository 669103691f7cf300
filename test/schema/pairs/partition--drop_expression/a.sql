create table m(x int, g int generated always as (x+1) stored) partition by list(x); create table m1 partition of m default;
