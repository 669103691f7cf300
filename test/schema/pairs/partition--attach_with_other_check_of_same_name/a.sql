create table p(a int, b int, constraint k check (b > 0)) partition by range(a);
create table l(a int, b int, constraint k check (b > 5));
