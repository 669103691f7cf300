insert into p values (5);
