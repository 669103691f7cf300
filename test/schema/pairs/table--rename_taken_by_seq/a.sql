create table x(a int); create sequence y;
