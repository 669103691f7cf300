select x=1 from a1
