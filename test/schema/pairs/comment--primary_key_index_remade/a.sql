create table t(a int constraint pk primary key, b int constraint u unique); comment on index pk is 'i'; comment on constraint pk on t is 'c';
