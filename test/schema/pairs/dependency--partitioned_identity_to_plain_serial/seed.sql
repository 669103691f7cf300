insert into t(b) values (3);
