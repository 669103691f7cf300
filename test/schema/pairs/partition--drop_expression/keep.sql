select g=2 from m
