create collation co (provider=libc, locale='C');
create table t(a text) partition by range(a collate co); create table t1 partition of t for values from ('a') to ('m');
create type r as range(subtype=text, collation=co); create table u(x r);
