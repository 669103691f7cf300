select b=7 from p
