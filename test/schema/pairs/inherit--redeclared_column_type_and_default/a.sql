create table p(a int); create table d(a int default 3) inherits(p);

