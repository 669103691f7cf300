create foreign data wrapper w; create server s foreign data wrapper w;
create collation co (provider=icu, locale='fr'); create foreign table f(x text collate co) server s;
