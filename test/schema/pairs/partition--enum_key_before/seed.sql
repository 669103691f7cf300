insert into m values('b',1)
