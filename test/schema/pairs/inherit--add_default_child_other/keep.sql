select n is not null from b
