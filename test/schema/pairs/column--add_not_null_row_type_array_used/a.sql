create table t(a int); create table o(y t[]);
