insert into t values('b','y');
