create domain d as text default 'x'; create table t(a d); create index on t(a);
