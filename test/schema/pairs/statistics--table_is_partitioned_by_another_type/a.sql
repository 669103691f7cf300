create table p (a int, b int) partition by range (a);
create statistics s1 on a, b from p;
