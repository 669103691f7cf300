select n='' from b
