select count(*)=1 from s.t
