create table c (a int); create table u(x c);
