create table p(a int) partition by range(a);
create table p1 partition of p for values from (0) to (9);
create index pi on only p(a);
create index own on p1(a) with (fillfactor=50); alter index pi attach partition own;
