create table p(a int) partition by range(a);
create table p1 partition of p for values from (0) to (9);
create index pi on only p(a);
create index p1i on p1(a); alter index pi attach partition p1i;
