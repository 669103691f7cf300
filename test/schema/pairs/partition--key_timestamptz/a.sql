create table m(k timestamp, v text) partition by range(k); create table m0 partition of m for values from ('2020-01-01') to ('2021-01-01'); create index i on m(v);
