insert into t values(5);
