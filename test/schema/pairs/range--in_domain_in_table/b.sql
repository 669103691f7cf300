create type r as range(subtype=float8, subtype_diff=float8mi); create domain d as r check (not isempty(value)); create table t(x d, y d[]);
