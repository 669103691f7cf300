create table p(a int); create table d(a int) inherits(p);

