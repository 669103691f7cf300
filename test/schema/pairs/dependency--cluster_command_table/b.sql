create table t(a int); create index ti on t (a);
cluster t using ti;
