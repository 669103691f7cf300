insert into p values('a','a')
