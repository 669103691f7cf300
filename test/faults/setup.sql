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
