insert into t values('a',1); insert into u values(row('b',2));
