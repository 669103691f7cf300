create table p(a int) partition by list(a); create table p1 partition of p for values in (1);
