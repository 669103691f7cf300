create table m(x int, g int) partition by list(x); create table m1 partition of m default;
