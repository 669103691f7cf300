create table t(a int, b int constraint u unique, constraint pk primary key(a,b)); comment on index pk is 'i'; comment on constraint pk on t is 'c';
