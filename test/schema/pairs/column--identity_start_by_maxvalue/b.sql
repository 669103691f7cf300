create table t(a int generated always as identity (increment -1 maxvalue 5));
