create table p(a int, constraint k check(a>0)); create table c() inherits(p);

