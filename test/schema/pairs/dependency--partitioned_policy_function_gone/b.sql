create table t(a int) partition by list(a); create table t1 partition of t default; create table o(a int check (a>0));
