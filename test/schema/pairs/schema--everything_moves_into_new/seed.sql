insert into a(n) values('q'); insert into b(a) values(1);
