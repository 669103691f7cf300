select count(*)=1 from m
