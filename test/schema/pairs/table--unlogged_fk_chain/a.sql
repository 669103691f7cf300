create table p(i int primary key); create table c(i serial references p);
