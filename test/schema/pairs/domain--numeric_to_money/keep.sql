SELECT a::numeric=1234.5 FROM t
