insert into t values(1234.5)
