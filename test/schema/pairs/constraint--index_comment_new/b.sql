create table t(a int, constraint k unique (a)); comment on index k is 'q';
