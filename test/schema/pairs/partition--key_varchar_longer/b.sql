create table m(k varchar(20)) partition by list(k); create table m0 partition of m for values in ('a');
