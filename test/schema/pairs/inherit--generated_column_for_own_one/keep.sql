select g=2 from c1
