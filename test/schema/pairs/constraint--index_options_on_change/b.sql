create table t(a int, b int, constraint k unique (a,b)); alter index k set (deduplicate_items=off);
