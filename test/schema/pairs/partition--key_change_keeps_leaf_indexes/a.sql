create table p(a int, b int, primary key(a)) partition by range(a);
create table p1 partition of p for values from (0) to (9) partition by range(a);
create table p11 partition of p1 for values from (0) to (9);
create index pi on p(b);
