insert into p values('a',row('b',1))
