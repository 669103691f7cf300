insert into m values('a')
