select (y).n=1 from p
