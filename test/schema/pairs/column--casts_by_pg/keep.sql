select a='2020-02-03' and d=5 and e=7 and i=1 and h=b'00000101' from t
