insert into m values(1,'x')
