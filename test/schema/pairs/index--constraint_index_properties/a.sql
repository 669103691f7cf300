create table t(a int constraint pk primary key, b int4range, constraint ex exclude using gist (b with &&));
