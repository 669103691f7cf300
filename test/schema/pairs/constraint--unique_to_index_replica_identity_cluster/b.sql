create table t(a int not null); create unique index k on t(a); alter table t replica identity using index k; alter table t cluster on k; comment on index k is 'q';
