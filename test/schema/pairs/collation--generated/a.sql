create collation co (provider=icu, locale='de'); create table t(b text, g bool generated always as (b < 'q' collate co) stored);
