create table p(a int not null) partition by range(a);
create table p1 partition of p for values from (0) to (9);
alter table only p add constraint pk primary key (a); alter table p1 add constraint p1k primary key (a); alter index pk attach partition p1k;
