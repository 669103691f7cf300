create unlogged table t(a bigint, n int);

