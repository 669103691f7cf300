select z=1 from c
