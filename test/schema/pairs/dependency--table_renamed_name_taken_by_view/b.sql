create table v(a int);
