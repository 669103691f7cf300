create table p(a int, b int, constraint k check (b > 0)) partition by range(a);
create table l partition of p for values from (0) to (9);
