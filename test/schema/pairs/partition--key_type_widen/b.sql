create table m(k bigint, j text) partition by range(k); create table m0 partition of m for values from (0) to (10); create index on m(j);
