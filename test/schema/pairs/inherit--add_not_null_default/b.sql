create table a(x int, n text not null default ''); create table b() inherits(a);
