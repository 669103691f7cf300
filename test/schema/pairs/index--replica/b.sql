create table t(a int not null, b int not null); create unique index u on t(a,b); alter table t replica identity using index u; alter table t cluster on u;
