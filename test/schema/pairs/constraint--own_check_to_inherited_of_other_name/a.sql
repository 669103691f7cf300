create table p(a int, constraint k check(a>0) no inherit); create table c(constraint k2 check (a>0)) inherits(p);

