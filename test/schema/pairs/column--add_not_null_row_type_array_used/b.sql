create table t(a int, b int not null); create table o(y t[]);
