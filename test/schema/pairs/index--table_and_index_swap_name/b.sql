create table y(a int); create index x on y(a);
