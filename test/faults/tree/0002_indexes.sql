-- migrate:up
INSERT INTO counters VALUES ('0002 up, 1');
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer);
CREATE UNIQUE INDEX CONCURRENTLY orders_note_id ON orders (note) INCLUDE (id);
INSERT INTO counters VALUES ('0002 up, 2');
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_open ON orders (open, id);
CREATE INDEX CONCURRENTLY ON orders (note);
CREATE INDEX CONCURRENTLY ON orders (lower(note), id DESC);
CREATE INDEX CONCURRENTLY orders_some ON orders USING hash (id) WHERE open;
INSERT INTO counters VALUES ('0002 up, 3');
CREATE INDEX CONCURRENTLY IF NOT EXISTS kept_n ON kept (n);
CREATE INDEX CONCURRENTLY items_n ON items (n, twice);
CREATE INDEX CONCURRENTLY ON items (twice);
-- migrate:verify
SELECT count(*) = 12000 FROM orders;
-- migrate:down
INSERT INTO counters VALUES ('0002 down, 1');
DROP INDEX CONCURRENTLY items_twice_idx;
DROP INDEX CONCURRENTLY items_n;
DROP INDEX CONCURRENTLY IF EXISTS orders_some;
INSERT INTO counters VALUES ('0002 down, 2');
DROP INDEX CONCURRENTLY orders_lower_id_idx;
DROP INDEX CONCURRENTLY orders_note_idx;
DROP INDEX CONCURRENTLY IF EXISTS no_such_index;
DROP INDEX CONCURRENTLY orders_open;
DROP INDEX CONCURRENTLY orders_note_id;
INSERT INTO counters VALUES ('0002 down, 3');
DROP INDEX CONCURRENTLY orders_customer;
