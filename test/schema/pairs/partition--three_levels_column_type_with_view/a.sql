create table m(a int, b text, c date) partition by range(a);
create table m1 partition of m for values from (0) to (100) partition by list(b);
create table m1x partition of m1 for values in ('x') partition by hash(c);
create table m1x0 partition of m1x for values with (modulus 2, remainder 0);
create table m1x1 partition of m1x for values with (modulus 2, remainder 1);
create table m1d partition of m1 default;
create view v as select a,b from m1x; create index i on m(b);
