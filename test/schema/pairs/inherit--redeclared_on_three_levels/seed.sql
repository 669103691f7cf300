insert into e values(1,2,3)
