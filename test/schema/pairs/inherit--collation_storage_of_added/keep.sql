select n='' and x='q' from b
