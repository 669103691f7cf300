create table m(k int) partition by range(k);
