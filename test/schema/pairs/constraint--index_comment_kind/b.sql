create table t(a int); create unique index k on t(a); comment on index k is 'q';
