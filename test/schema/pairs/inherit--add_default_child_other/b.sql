create table a(x int, n int not null default 3); create table b() inherits(a); alter table b alter n set default 4;
