create table t(a smallint generated always as identity (increment -1 minvalue -100 start -1));
