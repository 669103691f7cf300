create table t(a text default E'x\r\ny');
