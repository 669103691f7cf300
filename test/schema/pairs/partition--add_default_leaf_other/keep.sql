select n is not null from m
