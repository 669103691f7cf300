insert into t values('a'); insert into p values('a'); insert into ch values('b');
