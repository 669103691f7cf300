create unlogged table p(i int primary key); create unlogged table c(i serial references p);
