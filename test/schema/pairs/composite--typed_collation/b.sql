create collation co (provider=icu, locale='fr'); create type c as (x text collate co); create table t of c;
