create unlogged table p(i int primary key); create unlogged table c(i int references p);
