insert into m(a,c) values (1,'2020-01-01'),(2,now());
