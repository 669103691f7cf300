create table t(m money);
