-- migrate:up
REINDEX INDEX CONCURRENTLY orders_customer;
INSERT INTO counters VALUES ('0003 up, 1');
REINDEX TABLE CONCURRENTLY orders;
VACUUM (ANALYZE) orders;
INSERT INTO counters VALUES ('0003 up, 2');
REINDEX TABLE CONCURRENTLY items;
-- migrate:down
VACUUM orders;
INSERT INTO counters VALUES ('0003 down');
REINDEX INDEX CONCURRENTLY orders_customer;
