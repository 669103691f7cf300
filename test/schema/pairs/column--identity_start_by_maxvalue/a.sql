create table t(a int generated always as identity (increment -1));
