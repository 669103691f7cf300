insert into b values('q')
