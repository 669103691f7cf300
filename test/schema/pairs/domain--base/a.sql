create domain d as varchar(10) collate "C"; create table t(a d); create index on t(a);
