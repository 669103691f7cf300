insert into t values(9,9);
