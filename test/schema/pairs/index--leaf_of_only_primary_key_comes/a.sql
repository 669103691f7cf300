create table p(a int not null) partition by range(a);
create table p1 partition of p for values from (0) to (9);
alter table only p add constraint pk primary key (a);
