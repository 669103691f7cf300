select b = 2 from p
