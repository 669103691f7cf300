insert into t values(row(2,'a'));
