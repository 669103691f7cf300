select a=5 from p;
