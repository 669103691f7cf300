-- Plans with statements that cannot run in a transaction block: a background worker runs them.
CREATE DATABASE regress_worker;
\c regress_worker
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE TABLE t (id int, x int);
INSERT INTO t SELECT i, i FROM generate_series(1, 1000) i;

-- One of each kind, mixed with ordinary statements in one revision.
SELECT status FROM migrate.load('0001_mixed.sql', $script$-- migrate:up
ALTER TABLE t ADD COLUMN y int;
CREATE INDEX CONCURRENTLY t_x ON t (x);
COMMENT ON INDEX t_x IS 'concurrent';
VACUUM t;
REINDEX INDEX CONCURRENTLY t_x;
CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood ADD VALUE 'happy';
CREATE TABLE moods (m mood DEFAULT 'happy');
INSERT INTO moods DEFAULT VALUES;
ALTER SYSTEM SET deadlock_timeout = '1001ms';
ALTER SYSTEM RESET deadlock_timeout;
CREATE DATABASE regress_worker_new;
DROP DATABASE regress_worker_new;
CREATE SUBSCRIPTION regress_migrate_sub CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false);
ALTER SUBSCRIPTION regress_migrate_sub SET (slot_name = NONE);
DROP SUBSCRIPTION regress_migrate_sub;
-- migrate:no-transaction
DO $$
BEGIN
    FOR i IN 1..3 LOOP
        UPDATE t SET y = i WHERE id % 3 = i - 1;
        COMMIT;
    END LOOP;
END $$;
CREATE TABLE parts (id int) PARTITION BY RANGE (id);
CREATE TABLE parts1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
ALTER TABLE parts DETACH PARTITION parts1 CONCURRENTLY;
CLUSTER t USING t_x;
-- migrate:verify
SELECT count(*) = 1000 FROM t WHERE y IS NOT NULL;
-- migrate:down
DROP TABLE parts, parts1, moods;
DROP TYPE mood;
DROP INDEX CONCURRENTLY t_x;
ALTER TABLE t DROP COLUMN y;
$script$);
SELECT * FROM migrate.plan('upgrade', 'head');
SET client_min_messages = error;   -- CREATE SUBSCRIPTION warns in words that change
SELECT step, revision, direction, message, status, duration > '0' AS took FROM migrate.upgrade();
\d t
SELECT m FROM moods;
SELECT y, count(*) FROM t GROUP BY y ORDER BY y;
SELECT * FROM migrate.unfinished;
SELECT run, command, target, status, host, requested_by, role, client, from_heads, to_heads FROM migrate.runs;
SELECT revision, direction, status, statements FROM migrate.run_steps;
SELECT step, revision, direction, message, status FROM migrate.downgrade('-1');
\d t
CALL migrate.upgrade_online('+1');
CALL migrate.downgrade_online('base');
RESET client_min_messages;
SELECT migrate.remove('0001');

-- Notices and warnings come to the caller.
SELECT status FROM migrate.load('0001_talk.sql', $script$-- migrate:up
-- migrate:no-transaction
DO $$
BEGIN
    RAISE NOTICE 'one' USING DETAIL = 'A detail.', HINT = 'A hint.';
    COMMIT;
    RAISE WARNING 'two – größe';
    RAISE INFO 'three';
    RAISE LOG 'four';
END $$;
DROP TABLE IF EXISTS nosuchtable;
-- migrate:down
-- migrate:no-transaction
DO $$ BEGIN NULL; END $$;
$script$);
SELECT revision FROM migrate.upgrade();
SELECT revision FROM migrate.downgrade('base');
SET client_min_messages = warning;
SELECT revision FROM migrate.upgrade();
RESET client_min_messages;

-- An error of the worker looks like one of the session.
SELECT status FROM migrate.load('0002_wrong.sql', $script$-- migrate:message Größe

-- migrate:up
CREATE INDEX CONCURRENTLY t_id ON t (id);
SELECT 'größe';
CREATE TABLE bad (a int,
    "größe" int, b nosuchtype);
-- migrate:down
DROP INDEX CONCURRENTLY t_id;
$script$);
SELECT revision FROM migrate.upgrade();
:state
CALL migrate.upgrade_online();
:state
SELECT run, status, host, sqlstate, message, context FROM migrate.runs WHERE status <> 'done';
SELECT revision, direction, done, in_flight FROM migrate.unfinished;
\d t
-- What is half applied stays as it is, and nothing else runs before it is finished.
SELECT * FROM migrate.load('0002_wrong.sql', E'-- migrate:up\n');
:state
SELECT migrate.remove('0002');
:state
SELECT revision FROM migrate.downgrade('-1');
:state
SELECT migrate.resolve('0002', 'what');
:state
SELECT migrate.resolve('0001', 'retry');
:state
-- Its rest runs once it can: the first statement is not repeated.
CREATE DOMAIN nosuchtype AS int;
SELECT revision FROM migrate.upgrade();
\d bad
\d t
DROP TABLE bad;
SELECT revision FROM migrate.downgrade('-1');
SELECT migrate.remove('0002');

-- An index that cannot be built leaves nothing invalid behind.
SELECT status FROM migrate.load('0002_unique.sql', $script$-- migrate:up
CREATE UNIQUE INDEX CONCURRENTLY t_unique ON t (x);
-- migrate:down
DROP INDEX CONCURRENTLY t_unique;
$script$);
INSERT INTO t VALUES (1001, 1);
SELECT revision FROM migrate.upgrade();
:state
DELETE FROM t WHERE id = 1001;
SELECT revision FROM migrate.upgrade();
\d t
SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
SELECT revision FROM migrate.downgrade('-1');
SELECT migrate.remove('0002');
-- Settled by hand: done goes on after the statement, undo forgets it all.
SELECT status FROM migrate.load('0002_settle.sql', $script$-- migrate:up
-- migrate:no-transaction
SELECT 1;
-- migrate:no-transaction
SELECT 1 / (SELECT count(*) FROM t WHERE id = -1);
-- migrate:down
$script$);
SELECT revision FROM migrate.upgrade();
:state
SELECT revision, done, in_flight FROM migrate.unfinished;
SELECT migrate.resolve('0002', 'undo');
SELECT * FROM migrate.unfinished;
SELECT migrate.remove('0002');

-- wait => false: the rows say what will run, and migrate.runs how it ended.
SELECT status FROM migrate.load('0002_later.sql', $script$-- migrate:up
CREATE TABLE later ();
-- migrate:down
DROP TABLE later;
$script$);
CREATE PROCEDURE wait_for_runs() LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..600 LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM migrate.runs WHERE status IN ('queued', 'running'));
        COMMIT;
        PERFORM pg_sleep(0.05);
    END LOOP;
END $$;
SELECT * FROM migrate.upgrade(wait => false);
CALL wait_for_runs();
SELECT command, target, status, host FROM migrate.runs ORDER BY run DESC LIMIT 1;
SELECT revision FROM migrate.current();
SELECT * FROM migrate.downgrade('-1', false);
CALL wait_for_runs();
SELECT revision FROM migrate.current();

-- Where it cannot be waited for, and must not be queued.
SET migrate.in_transaction_block = error;
SELECT status FROM migrate.load('0002_later.sql', $script$-- migrate:up
CREATE INDEX CONCURRENTLY later ON t (id);
-- migrate:down
DROP INDEX CONCURRENTLY later;
$script$);
BEGIN;
SELECT revision FROM migrate.upgrade();
:state
ROLLBACK;
BEGIN;
CALL migrate.upgrade_online();
:state
ROLLBACK;
DO $$ BEGIN PERFORM migrate.upgrade(); END $$;
:state
SELECT revision FROM migrate.upgrade(), t LIMIT 1;
:state
SELECT revision FROM migrate.upgrade() WHERE revision IN (SELECT revision FROM migrate.applied);
:state
CREATE FUNCTION looks() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM t';
SELECT revision, looks() FROM migrate.upgrade();
:state
CREATE FUNCTION calls() RETURNS SETOF text LANGUAGE sql AS 'SELECT revision FROM migrate.upgrade()';
SELECT calls();
:state
WITH w AS (INSERT INTO t VALUES (0, 0) RETURNING id) SELECT revision FROM w, migrate.upgrade();
:state
CREATE TABLE made AS SELECT revision FROM migrate.upgrade();
:state
INSERT INTO t SELECT step FROM migrate.upgrade();
:state
SET default_transaction_isolation = 'repeatable read';
SELECT revision FROM migrate.upgrade();
:state
RESET default_transaction_isolation;
CREATE FUNCTION calls_online() RETURNS void LANGUAGE plpgsql AS 'BEGIN CALL migrate.upgrade_online(); END';
SELECT calls_online();
:state
DO $$ BEGIN CALL migrate.upgrade_online(); EXCEPTION WHEN division_by_zero THEN NULL; END $$;
:state
SELECT * FROM migrate.runs WHERE status IN ('queued', 'running');
-- ... and where it can.
PREPARE p AS SELECT revision FROM migrate.upgrade($1);
EXECUTE p ('head');
SELECT (migrate.downgrade('-1')).revision;
DO $$ BEGIN CALL migrate.upgrade_online(); END $$;
SELECT revision FROM migrate.downgrade('-1') ORDER BY revision LIMIT 1;
CREATE PROCEDURE wrapper() LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO t VALUES (5000, 5000);
    CALL migrate.upgrade_online();
    INSERT INTO t VALUES (5001, 5001);
END $$;
CALL wrapper();
SELECT id FROM t WHERE id >= 5000;
SELECT revision FROM migrate.current();

-- Settings and the role go with it, and no further than to the end of a step.
SELECT migrate.revision('Settings', $$SET search_path = pg_catalog;
VACUUM public.t;
DO 'BEGIN RAISE NOTICE ''%, %, %, "%"'', current_setting(''search_path''), current_setting(''work_mem''), current_user, current_setting(''migrate.revision''); END';$$, '', revision_id => '0003');
SELECT migrate.revision('Settings after', $$VACUUM t;
DO 'BEGIN RAISE NOTICE ''%, %, %, "%"'', current_setting(''search_path''), current_setting(''work_mem''), current_user, current_setting(''migrate.revision''); END';$$, '', revision_id => '0004');
SET search_path = public, pg_temp;
SET work_mem = '5MB';
SELECT revision FROM migrate.upgrade();
RESET ALL;

-- A constraint that fails when a transaction of the run ends.
SELECT migrate.revision('Deferred', $$CREATE TABLE ref (id int PRIMARY KEY);
ALTER TABLE t ADD CONSTRAINT later FOREIGN KEY (id) REFERENCES ref DEFERRABLE INITIALLY DEFERRED NOT VALID;
INSERT INTO t VALUES (7777, 0);
VACUUM t;$$, '', revision_id => '0005');
SELECT revision FROM migrate.upgrade();
:state
SELECT * FROM migrate.unfinished;

\c postgres
DROP DATABASE regress_worker;
