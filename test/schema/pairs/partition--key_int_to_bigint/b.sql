create table m(k bigint) partition by range(k);
