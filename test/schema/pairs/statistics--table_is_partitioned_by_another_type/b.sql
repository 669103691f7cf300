create table p (a bigint, b int) partition by range (a);
create statistics s1 on a, b from p;
