create table a1(x int, constraint k check (x > 0));
create table c(x int); alter table c add constraint k check (x > 0) not valid;
