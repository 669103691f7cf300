insert into m values('a',1)
