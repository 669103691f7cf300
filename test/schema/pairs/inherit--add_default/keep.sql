select n=3 from b
