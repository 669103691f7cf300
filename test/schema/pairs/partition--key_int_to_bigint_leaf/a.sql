create table m(k int) partition by range(k); create table m0 partition of m for values from (0) to (10);
