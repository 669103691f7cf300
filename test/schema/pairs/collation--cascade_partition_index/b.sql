create collation co (provider=icu, locale='fr');
create table t(a text) partition by range(a collate co); create table t1 partition of t for values from ('a') to ('m'); grant select on t to bench_r1;
