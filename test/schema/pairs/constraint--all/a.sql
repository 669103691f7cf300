create extension btree_gist; create table t(a int, b int, r tsrange); create table u(a int primary key, b int unique);
