insert into t values (true);
