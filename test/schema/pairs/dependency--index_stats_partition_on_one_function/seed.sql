insert into p values (5,5);
