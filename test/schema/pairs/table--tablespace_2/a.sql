create table t(a int primary key); create index i on t(a);
