select count(*)=2 from entry
