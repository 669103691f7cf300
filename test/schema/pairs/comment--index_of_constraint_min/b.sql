create table t(a int constraint pk primary key);
comment on index pk is 'x';
