select a=1 from v
