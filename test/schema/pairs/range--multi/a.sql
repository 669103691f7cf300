create type r as range(subtype=float8); create table t(x r);
