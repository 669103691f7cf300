create table t(a int primary key using index tablespace bench_ts) tablespace bench_ts; create index i on t(a) tablespace bench_ts;
