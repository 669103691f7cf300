-- What the migrations find: tables, counters, and invalid indexes that are somebody else's.
CREATE EXTENSION migrate;
CREATE TABLE counters (what text);
CREATE TABLE effects (what text, n int);
CREATE SCHEMA elsewhere;

CREATE TABLE items (n int, twice int);
INSERT INTO items SELECT i, i / 2 FROM generate_series(1, 500) i;
CREATE INDEX items_good ON items (n);
CREATE UNIQUE INDEX CONCURRENTLY items_foreign ON items (twice);    -- fails: invalid
REINDEX INDEX CONCURRENTLY items_foreign;                           -- fails: items_foreign_ccnew
CREATE UNIQUE INDEX CONCURRENTLY items_broken ON items ((n / 2));   -- fails: invalid
CREATE INDEX items_same ON items (twice);                           -- as a revision builds it
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'items_same'::regclass;

-- One that IF NOT EXISTS would keep as it is.
CREATE TABLE kept (n int);
INSERT INTO kept SELECT generate_series(1, 500);
CREATE INDEX kept_n ON kept (n);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'kept_n'::regclass;

-- Leaves a trail of commits: afterwards nobody can know how far it came, but its trail.
CREATE PROCEDURE leave_effects(what text) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..3 LOOP
        INSERT INTO effects VALUES (what, i);
        COMMIT;
    END LOOP;
END $$;

-- Changed in batches: whatever changes a row twice makes n too large.
CREATE TABLE batched (id int PRIMARY KEY, n int NOT NULL, done boolean NOT NULL, pad text);
INSERT INTO batched SELECT i, 0, false, repeat('x', 500) FROM generate_series(1, 3000) i;
CREATE TABLE batched_parts (LIKE batched, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE batched_parts1 PARTITION OF batched_parts FOR VALUES FROM (0) TO (1000);
CREATE TABLE batched_parts2 PARTITION OF batched_parts FOR VALUES FROM (1000) TO (4000);
INSERT INTO batched_parts SELECT * FROM batched;

-- They get constraints and indexes.
CREATE TABLE people (id int PRIMARY KEY);
INSERT INTO people SELECT generate_series(1, 100);
CREATE TABLE sales (id int, person int, total int);
INSERT INTO sales SELECT i, i % 100 + 1, i FROM generate_series(1, 3000) i;
CREATE TABLE sales_parts (id int, day int, person int, total int) PARTITION BY RANGE (day);
CREATE TABLE sales_parts1 PARTITION OF sales_parts FOR VALUES FROM (0) TO (10);
CREATE TABLE sales_parts2 PARTITION OF sales_parts FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (day);
CREATE TABLE sales_parts2a PARTITION OF sales_parts2 FOR VALUES FROM (10) TO (20);
INSERT INTO sales_parts SELECT i, i % 20, i % 100 + 1, i FROM generate_series(1, 3000) i;
