select a='x' and n=1.25 from w;
