create table r(a int primary key); create table r2(a int primary key); create table p(a int, b int constraint f references r) partition by range(a);
create table l partition of p for values from (0) to (9);
