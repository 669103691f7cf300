create table t(a serial, b int); create table u(x int);
