insert into t(a,b) values('b','c'); insert into u values(row('q'));
