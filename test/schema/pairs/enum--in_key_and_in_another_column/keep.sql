select count(*)=1 from p
