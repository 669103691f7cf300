create table t(a int); alter table t add constraint c check (a>0) not valid; create table u(a int primary key); alter table t add constraint f foreign key (a) references u not valid;
