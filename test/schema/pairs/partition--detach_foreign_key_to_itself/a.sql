create table p(a int primary key, b int constraint f references p) partition by range(a); create table p1 partition of p for values from (0) to (10);
