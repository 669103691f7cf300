create table x(a int); create index y on x(a);
