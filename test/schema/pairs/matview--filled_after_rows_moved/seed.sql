insert into p values (1),(2); refresh materialized view m;
