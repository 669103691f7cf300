insert into t(a,n) values(7,1); insert into r values(7); insert into u values(row(3));
