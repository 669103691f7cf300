create collation co (provider=icu, locale='de'); create type c as (x text collate co); create table t of c; create table p(y text collate co); create table ch() inherits (p);
