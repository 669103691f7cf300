insert into t values (row(1,3));
