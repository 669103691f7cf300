create table p(a int) partition by range(a);
create table p1 partition of p for values from (0) to (9);
create index pi on only p(a);
