create table t(a int not null, b int not null); create unique index u on t(a);
