create domain d as int check (value>=0); create table m(a d, z text) partition by range(a); create table m1 partition of m for values from (0) to (9); create table o(x m[]);
