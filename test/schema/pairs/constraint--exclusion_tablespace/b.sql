create table t(a int, constraint x exclude using btree (a with =) using index tablespace bench_ts);
