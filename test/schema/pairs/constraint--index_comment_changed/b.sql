create table t(a int, b int, constraint k unique (a,b)); comment on index k is 'q';
