insert into m values(1)
