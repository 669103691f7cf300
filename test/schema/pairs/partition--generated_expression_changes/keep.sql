select g=3 from m
