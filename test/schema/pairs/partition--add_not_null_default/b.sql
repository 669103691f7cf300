create table m(a int, n text not null default 'z') partition by list(a); create table m1 partition of m for values in (1);
