select count(*)=1 from u
