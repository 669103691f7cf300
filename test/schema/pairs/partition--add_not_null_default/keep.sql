select n='z' from m
