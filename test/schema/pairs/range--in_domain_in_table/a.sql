create type r as range(subtype=float8); create domain d as r check (not isempty(value)); create table t(x d, y d[]);
