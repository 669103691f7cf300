create table p(a bigint) partition by list(a); create table p1 partition of p for values in (1);
