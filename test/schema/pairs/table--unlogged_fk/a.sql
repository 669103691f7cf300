create table p(i int primary key); create table c(i int references p);
