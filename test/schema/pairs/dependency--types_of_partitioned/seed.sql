INSERT INTO t VALUES (1,'ok',5,'{ok}');
