create collation co (provider=icu, locale='fr'); create type r as range(subtype=text, collation=co); create table t(a text) partition by range(a collate co);
