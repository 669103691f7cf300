insert into t values(4);
