-- Batched data changes: backfill and purge.
CREATE DATABASE regress_backfill;
\c regress_backfill
CREATE EXTENSION migrate;
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = notice;

CREATE TABLE numbers (id int PRIMARY KEY, n int, word text, done boolean NOT NULL DEFAULT false);
INSERT INTO numbers SELECT i, i, 'Word ' || i FROM generate_series(1, 5000) i;
ANALYZE numbers;

-- What the assignments would change, without a condition.
CALL migrate.backfill('numbers', 'n = id * 2, word = lower(word)');
SELECT count(*), sum(n), count(*) FILTER (WHERE word = 'word ' || id) AS words FROM numbers;
-- With one.
CALL migrate.backfill('numbers', 'n = n + 1, done = true -- and all', 'NOT done -- so far');
SELECT count(*), sum(n), bool_and(done) FROM numbers;
-- Nothing to do.
CALL migrate.backfill('numbers', 'n = n + 1, done = true -- and all', 'NOT done -- so far');
SELECT sum(n) FROM numbers;
-- A rounded value is what is compared; names of the table; a subquery; several processes.
CALL migrate.backfill('numbers', 'n = numbers.id * 1.4', batch => 'ctid');
CALL migrate.backfill('numbers', 'n = (SELECT max(i) FROM generate_series(1, numbers.id) i)',
    batch => 'keyset', target => '50 ms');
SELECT sum(n - id) FROM numbers;
CALL migrate.backfill('numbers', 'n = 7', 'id % 2 = 0 AND n <> 7', parallel => 3);
SELECT n, count(*) FROM numbers WHERE n = 7 GROUP BY n;
CALL migrate.backfill('numbers', '(n, done) = (id, false)', 'done');
SELECT sum(n - id), bool_or(done) FROM numbers;

SELECT job, relation, kind, assignments, condition, status, revision, rows, batches > 0 AS batches,
    longest_batch > '0' AS longest
FROM migrate.backfills;
SELECT run, command, target, status FROM migrate.runs ORDER BY run;
SELECT count(*) FROM migrate.backfill_range;

CALL migrate.purge('numbers', 'id > 4000');
CALL migrate.purge('numbers', 'id > 3000', parallel => 2);
CALL migrate.purge('numbers', 'id > 2000', batch => 'keyset');
SELECT count(*) FROM numbers;
SELECT job, kind, condition, status, rows FROM migrate.backfills WHERE kind = 'purge';

-- A condition that stays true.
CALL migrate.backfill('numbers', 'n = n + 1');
CALL migrate.backfill('numbers', 'n = n + 1', 'id > 10');
CALL migrate.backfill('numbers', 'word = word || random()');
CALL migrate.backfill('numbers', 'n = 1', 'n > 1 AND random() < 0.5');
CALL migrate.purge('numbers', 'random() < 0.5');
ALTER TABLE numbers ADD at timestamptz;
CALL migrate.backfill('numbers', 'at = now()');
SELECT count(at) BETWEEN 1 AND 1999 FROM numbers;
CALL migrate.backfill('numbers', 'at = ''2000-01-01''');
SELECT sum(n - id), min(at) = max(at) FROM numbers;
ALTER TABLE numbers DROP at;

-- Input that makes no sense.
CALL migrate.backfill('numbers', '');
CALL migrate.backfill('numbers', 'n');
CALL migrate.backfill('numbers', 'n = ');
CALL migrate.backfill('numbers', 'n = 1;');
CALL migrate.backfill('numbers', 'n = 1; DROP TABLE numbers');
CALL migrate.backfill('numbers', 'n = 1 WHERE true');
CALL migrate.backfill('numbers', 'n = 1 FROM numbers x');
CALL migrate.backfill('numbers', 'n = 1 RETURNING n');
CALL migrate.backfill('numbers', 'n = 1) (', 'true');
CALL migrate.backfill('numbers', 'n = 1 /* ');
CALL migrate.backfill('numbers', 'n = DEFAULT');
CALL migrate.backfill('numbers', 'nosuch = 1');
CALL migrate.backfill('numbers', 'n = nosuch');
CALL migrate.backfill('numbers', 'n = ''x''');
CALL migrate.backfill('numbers', 'n = count(*)');
CALL migrate.backfill('numbers', 'n = 1', '');
CALL migrate.backfill('numbers', 'n = 1', 'true) OR (true');
CALL migrate.backfill('numbers', 'n = 1', 'true; DROP TABLE numbers');
CALL migrate.backfill('numbers', 'n = 1', 'n <> 1, id > 1');
CALL migrate.backfill('numbers', 'n = 1', 'n <> 1 ORDER BY 1');
CALL migrate.backfill('numbers', 'n = 1', 'n <> 1 UNION SELECT true');
CALL migrate.backfill('numbers', 'n = 1', 'DISTINCT n <> 1');
CALL migrate.backfill('numbers', 'n = 1', 'n');
CALL migrate.backfill('numbers', 'n = 1', 'nosuch');
CALL migrate.backfill('numbers', NULL);
CALL migrate.backfill(NULL, 'n = 1');
CALL migrate.backfill('nosuch', 'n = 1');
CALL migrate.backfill(1::regclass, 'n = 1');
CALL migrate.backfill('numbers', 'n = 1', batch => 'index');
CALL migrate.backfill('numbers', 'n = 1', parallel => 0);
CALL migrate.backfill('numbers', 'n = 1', parallel => 1000);
CALL migrate.backfill('numbers', 'n = 1', target => '0 s');
CALL migrate.backfill('numbers', 'n = 1', target => '1 day');
CALL migrate.purge('numbers', NULL);
SELECT count(*) FROM numbers WHERE n = 1;
BEGIN;
CALL migrate.backfill('numbers', 'n = 1');
ROLLBACK;
CREATE FUNCTION inside() RETURNS void LANGUAGE plpgsql AS
    $$ BEGIN CALL migrate.backfill('numbers', 'n = 1'); END $$;
SELECT inside();
-- In a block that may commit it works.
DO $$ BEGIN CALL migrate.backfill('numbers', 'n = id + 1'); END $$;
SELECT sum(n - id) FROM numbers;

-- What is no table.
CREATE VIEW view AS SELECT * FROM numbers;
CALL migrate.backfill('view', 'n = 1');
CREATE MATERIALIZED VIEW matview AS SELECT * FROM numbers;
CALL migrate.backfill('matview', 'n = 1');
CALL migrate.backfill('pg_class', 'relname = ''x''');
CALL migrate.purge('pg_proc', 'true');
CALL migrate.purge('migrate.run', 'true');
CALL migrate.backfill('numbers_pkey', 'n = 1');
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE far (id int, n int) SERVER nowhere;
CALL migrate.backfill('far', 'n = 1');
DROP VIEW view;
DROP MATERIALIZED VIEW matview;

-- An error of a batch: what came before it stays, and the next call goes on.
CREATE TABLE checked (id int, n int CHECK (n <> 4500), pad text DEFAULT repeat('x', 500));
INSERT INTO checked SELECT i, 0 FROM generate_series(1, 5000) i;
CALL migrate.backfill('checked', 'n = id', 'n = 0');
SELECT count(*) FILTER (WHERE n > 0) BETWEEN 1 AND 4999 AS some FROM checked;
SELECT relation, status, rows > 0 AS rows FROM migrate.backfills ORDER BY job DESC LIMIT 1;
-- Other work on it is another job.
CALL migrate.backfill('checked', 'pad = ''y''');
ALTER TABLE checked DROP CONSTRAINT checked_n_check;
CALL migrate.backfill('checked', 'n = id', 'n = 0');
SELECT count(*), sum(n - id), min(pad) FROM checked;
SELECT relation, assignments, status, rows FROM migrate.backfills ORDER BY job DESC LIMIT 2;

-- No key, wide values out of line, a dropped and a generated column, an empty table.
CREATE TABLE wide (gone int, id int, doc text, size int GENERATED ALWAYS AS (length(doc)) STORED);
ALTER TABLE wide ALTER doc SET STORAGE EXTERNAL;
INSERT INTO wide SELECT 0, i, repeat(i::text, 2000) FROM generate_series(1, 200) i;
ALTER TABLE wide DROP gone;
CALL migrate.backfill('wide', 'id = -id', 'id > 0');
CALL migrate.backfill('wide', 'doc = doc || ''!''', 'doc NOT LIKE ''%!''');
CALL migrate.backfill('wide', 'size = 1');
CALL migrate.backfill('wide', 'id = 1', batch => 'keyset');
SELECT count(*), sum(id), bool_and(size = length(doc)), bool_and(doc LIKE '%!') FROM wide;
CREATE TABLE empty (id int PRIMARY KEY, n int);
CALL migrate.backfill('empty', 'n = 1');
CALL migrate.backfill('empty', 'n = 1', batch => 'keyset');
CALL migrate.purge('empty', 'true');
CREATE TEMP TABLE temporary AS SELECT i, 0 AS n FROM generate_series(1, 100) i;
CALL migrate.backfill('temporary', 'n = i', parallel => 2);
SELECT sum(n - i) FROM temporary;
-- Types without equality: a condition must be given. Elements of arrays, names that need quotes.
CREATE TABLE "Odd ""name""" ("The column" json, list int[], "group" int);
INSERT INTO "Odd ""name""" VALUES ('{}', '{1,2}', 1);
CALL migrate.backfill('"Odd ""name"""', '"The column" = ''[]''');
CALL migrate.backfill('"Odd ""name"""', '"The column" = ''[]''', '"The column"::text <> ''[]''');
CALL migrate.backfill('"Odd ""name"""', 'list[1] = 5');
CALL migrate.backfill('"Odd ""name"""', 'list[1] = 5, "group" = 2', '"Odd ""name"""."group" = 1');
SELECT * FROM "Odd ""name""";

-- Triggers and foreign keys are those of any UPDATE and DELETE.
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE, n int);
INSERT INTO parent SELECT generate_series(1, 100);
INSERT INTO child SELECT i, i, 0 FROM generate_series(1, 100) i;
CREATE TABLE log (id int, old int, new int);
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO log VALUES (new.id, old.n, new.n); RETURN NULL; END $$;
CREATE FUNCTION even_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF new.n % 2 = 1 THEN RETURN NULL; END IF; RETURN new; END $$;
CREATE TRIGGER log_it AFTER UPDATE ON child FOR EACH ROW EXECUTE FUNCTION log_it();
CALL migrate.backfill('child', 'n = id', 'n <> id');
SELECT count(*), count(DISTINCT id), sum(old), sum(new) FROM log;
CALL migrate.purge('parent', 'id > 50');
SELECT count(*) FROM child;
CALL migrate.backfill('child', 'parent = 1000', 'parent < 1000');
SELECT count(*) FROM child WHERE parent = 1000;
ALTER TABLE child ALTER CONSTRAINT child_parent_fkey DEFERRABLE INITIALLY DEFERRED;
CALL migrate.backfill('child', 'parent = 1000', 'parent < 1000');
SELECT count(*) FROM child WHERE parent = 1000;
-- A trigger that keeps rows as they are: told, not tried for ever.
CREATE TRIGGER even_only BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION even_only();
CALL migrate.backfill('child', 'n = n + 100', 'n < 100');
SELECT n >= 100 AS changed, count(*) FROM child GROUP BY 1 ORDER BY 1;
-- One that takes the change back.
CREATE FUNCTION keep_n() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN new.n := old.n; RETURN new; END $$;
CREATE TRIGGER keep_n BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION keep_n();
CALL migrate.backfill('child', 'n = 0');

-- Partitions, each by itself; one level more; rows that move; inheritance.
CREATE TABLE events (id int, day int, n int) PARTITION BY RANGE (day);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
CREATE TABLE events_2_other PARTITION OF events_2 DEFAULT;
CREATE TABLE events_2_one PARTITION OF events_2 FOR VALUES IN (1, 2, 3);
INSERT INTO events SELECT i, i % 20, 0 FROM generate_series(1, 1000) i;
CALL migrate.backfill('events', 'n = events.id', parallel => 2);
SELECT sum(n - id), count(*) FROM events;
CALL migrate.backfill('events', 'day = 15, n = -1', 'day < 5');
SELECT tableoid::regclass, count(*), count(*) FILTER (WHERE n = -1) AS moved
FROM events GROUP BY 1 ORDER BY 1;
CALL migrate.backfill('events_1', 'n = 5', 'n <> 5');
CALL migrate.purge('events', 'n = -1');
SELECT count(*) FROM events;
CREATE FOREIGN TABLE events_far PARTITION OF events FOR VALUES FROM (20) TO (30) SERVER nowhere;
CALL migrate.backfill('events', 'n = 5', 'n <> 5');
CREATE TABLE ancestor (id int, n int);
CREATE TABLE heir () INHERITS (ancestor);
INSERT INTO ancestor SELECT i, 0 FROM generate_series(1, 10) i;
INSERT INTO heir SELECT i, 0 FROM generate_series(11, 20) i;
CALL migrate.backfill('ancestor', 'n = id');
SELECT tableoid::regclass, sum(n) FROM ancestor GROUP BY 1 ORDER BY 1;

-- Rights are those of an UPDATE, policies too.
CREATE ROLE regress_backfill_role;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA migrate TO regress_backfill_role;
SET ROLE regress_backfill_role;
CALL migrate.backfill('numbers', 'n = 0');
CALL migrate.purge('numbers', 'n = 0');
RESET ROLE;
GRANT SELECT, UPDATE ON numbers TO regress_backfill_role;
ALTER TABLE numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON numbers TO regress_backfill_role USING (id <= 10);
SET ROLE regress_backfill_role;
CALL migrate.backfill('numbers', 'n = 0');
SELECT relation, assignments, condition, status, rows FROM migrate.backfills
ORDER BY job DESC LIMIT 2;
SELECT migrate.pause(1), migrate.resume(1);
RESET ROLE;
SELECT count(*) FROM numbers WHERE n = 0;

-- Another session's names and operators do not matter to the batches' own.
CREATE SCHEMA evil;
CREATE FUNCTION evil.lies(tid, tid) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR evil.>= (LEFTARG = tid, RIGHTARG = tid, FUNCTION = evil.lies);
SET search_path = evil, public, pg_catalog;
CALL migrate.backfill('numbers', 'n = 3');
RESET search_path;
SELECT count(*) FROM numbers WHERE n = 3;

SELECT migrate.tid_in_stripe('(5,9)', 8, 1), migrate.tid_in_stripe('(5,9)', 8, 2),
    migrate.tid_in_stripe('(5,9)', 0, 0);

-- In a script: its own place, its own job.
SELECT migrate.revision('Fill', $$
CREATE TABLE filled (id int, n int);
INSERT INTO filled SELECT i, 0 FROM generate_series(1, 1000) i;
CALL migrate.backfill('filled', 'n = id');
CALL migrate.purge('filled', 'id > 500');
$$, 'DROP TABLE filled;', revision_id => 'f111');
SELECT step, revision, direction, status FROM migrate.upgrade();
SELECT count(*), sum(n - id) FROM filled;
SELECT kind, relation, status, revision, rows FROM migrate.backfills ORDER BY job DESC LIMIT 2;
SELECT revision, status FROM migrate.downgrade('base');
SELECT revision, status FROM migrate.upgrade();
SELECT count(*), sum(n - id) FROM filled;


-- A key whose type has a length
CREATE TABLE padded (id char(6) PRIMARY KEY, bits bit(12) NOT NULL UNIQUE, v int);
INSERT INTO padded SELECT to_char(i, 'FM000000'), i::bit(12), NULL FROM generate_series(1, 2000) i;
CALL migrate.backfill('padded', 'v = 1', 'v IS NULL', batch => 'keyset');
SELECT count(v), count(*) FROM padded;

-- A range whose table is no part of the relation any more is left alone
CREATE TABLE parts (a int, v int) PARTITION BY RANGE (a);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20);
INSERT INTO parts SELECT i % 20 FROM generate_series(1, 1000) i;
CREATE FUNCTION stops() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF new.a = 0 THEN RAISE 'stop'; END IF; RETURN new; END $$;
CREATE TRIGGER stops BEFORE UPDATE ON parts_1 FOR EACH ROW EXECUTE FUNCTION stops();
CALL migrate.backfill('parts', 'v = 1', 'v IS NULL');
ALTER TABLE parts DETACH PARTITION parts_2;
DROP TRIGGER stops ON parts_1;
CALL migrate.backfill('parts', 'v = 1', 'v IS NULL');
SELECT count(v), count(*) FROM parts_1;
SELECT count(v), count(*) FROM parts_2;
\c postgres
DROP DATABASE regress_backfill;
DROP ROLE regress_backfill_role;
