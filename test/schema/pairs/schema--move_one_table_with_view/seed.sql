insert into t(v) values('x');
