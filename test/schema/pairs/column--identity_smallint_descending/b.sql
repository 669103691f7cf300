create table t(a int generated always as identity (increment -2 minvalue -1000 maxvalue 5 start 5 no cycle));
