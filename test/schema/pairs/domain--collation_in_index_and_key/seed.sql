insert into t values('a'); insert into u values('z');
