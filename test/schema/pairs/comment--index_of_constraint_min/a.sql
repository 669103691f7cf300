create table t(a int constraint pk primary key);
