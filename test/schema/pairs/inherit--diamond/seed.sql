insert into d values (1)
