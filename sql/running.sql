-- Upgrades and downgrades in the caller's own transaction.
CREATE DATABASE regress_running;
\c regress_running
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
SET client_min_messages = notice;

SELECT status FROM migrate.load(jsonb_build_object(
    '0001_users.sql', $$-- migrate:up
CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace');
-- migrate:down
DROP TABLE users;
$$,
    '0002_orders.sql', $$-- migrate:up
CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users);
-- migrate:down
DROP TABLE orders;
$$,
    '0003_total.sql', $$-- migrate:up
ALTER TABLE orders ADD COLUMN total numeric;
DO 'BEGIN RAISE NOTICE ''% rows'', (SELECT count(*) FROM orders); END';
-- migrate:down
ALTER TABLE orders DROP COLUMN total;
$$));

SELECT step, revision, direction, message, status, duration >= '0' AS took FROM migrate.upgrade();
SELECT step, revision, direction, message, status, duration >= '0' AS took FROM migrate.upgrade();
\d orders
SELECT revision, applied_by, method, run FROM migrate.applied ORDER BY revision;
SELECT run, command, target, status, host, requested_by, role, client, from_heads, to_heads, sqlstate
  FROM migrate.runs;
SELECT run, step, revision, direction, message, status, statements FROM migrate.run_steps;

SELECT step, revision, direction, message, status FROM migrate.downgrade('-1');
SELECT step, revision, direction, message, status FROM migrate.downgrade('base');
SELECT * FROM migrate.downgrade('base');
\d
SELECT revision FROM migrate.applied;
SELECT run, command, target, from_heads, to_heads FROM migrate.runs;

-- With whatever else the caller does: all of it, or nothing.
BEGIN;
SELECT revision FROM migrate.upgrade('0002');
INSERT INTO orders VALUES (1, 1);
SAVEPOINT here;
SELECT revision FROM migrate.upgrade();
SELECT revision FROM migrate.current();
ROLLBACK TO here;
SELECT revision FROM migrate.current();
SELECT total FROM orders;
ROLLBACK;
SELECT revision FROM migrate.current();
\d
SELECT max(run) FROM migrate.runs;
BEGIN;
SELECT revision FROM migrate.upgrade('+1');
SELECT revision FROM migrate.upgrade('+1');
SELECT revision FROM migrate.downgrade('-1');
COMMIT;
SELECT revision FROM migrate.current();
SELECT run, command, target, from_heads, to_heads FROM migrate.runs WHERE run > 3;

-- What fails leaves nothing, says where, and is recorded.
SELECT status FROM migrate.load('0004_wrong.sql', $$-- A wrong one.
-- migrate:up
CREATE TABLE half (id int);

CREATE TABLE
    bad (a int, -- é
         é int, b nosuchtype);
-- migrate:down
DROP TABLE half;
$$);
SELECT revision FROM migrate.upgrade();
:state
\d
SELECT revision FROM migrate.current();
SELECT run, command, target, status, host, from_heads, to_heads, sqlstate, message, context
  FROM migrate.runs WHERE status <> 'done';
SELECT step, revision, status, statements FROM migrate.run_steps
 WHERE run = (SELECT max(run) FROM migrate.runs);
-- ... inside of a transaction too.
BEGIN;
SAVEPOINT here;
SELECT revision FROM migrate.upgrade();
ROLLBACK TO here;
SELECT revision FROM migrate.upgrade('0003');
COMMIT;
SELECT revision FROM migrate.current();
-- ... and in a function that catches it.
DO $$
DECLARE
    place text;
BEGIN
    PERFORM migrate.upgrade();
EXCEPTION WHEN undefined_object THEN
    GET STACKED DIAGNOSTICS place = PG_EXCEPTION_CONTEXT;
    RAISE NOTICE '% (%) at %', SQLERRM, SQLSTATE, split_part(place, E'\n', 1);
END $$;

-- Errors keep all their fields.
SELECT migrate.edit('0004', upgrade => $$SELECT 1;
INSERT INTO users VALUES (3, 'Edsger'),
                         (1, 'Barbara');$$);
SELECT revision FROM migrate.upgrade();
:state
DO $$
DECLARE
    a text; b text; c text; d text;
BEGIN
    PERFORM migrate.upgrade();
EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS a = SCHEMA_NAME, b = TABLE_NAME, c = CONSTRAINT_NAME, d = PG_EXCEPTION_DETAIL;
    RAISE NOTICE '%, %, %, %', a, b, c, d;
END $$;
-- Inside of functions that the script calls.
SELECT migrate.edit('0004', upgrade => $$CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql AS
'BEGIN
    RETURN 1 / 0;
END';
SELECT 1, fails();$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('0004', upgrade => $$CREATE FUNCTION fails() RETURNS int LANGUAGE sql AS
'SELECT 1;
SELECT nosuchcolumn FROM users';$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('0004', upgrade => $$DO 'BEGIN PERFORM nosuchfunction(1); END';$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('0004', upgrade => $$DO 'BEGIN COMMIT; END';$$);
SELECT revision FROM migrate.upgrade();
:state

-- Settings do not leak, neither from script to script nor to the caller.
SELECT migrate.edit('0004', upgrade => $$SET search_path = pg_catalog;
SET LOCAL work_mem = '1MB';
SET TIME ZONE 'Europe/Paris';
SELECT set_config('my.setting', 'changed', false);
CREATE ROLE regress_migrate_other;
SET ROLE regress_migrate_other;
DO 'BEGIN RAISE NOTICE ''% % % %'', current_setting(''search_path''), current_setting(''work_mem''), current_setting(''TimeZone''), current_user; END';$$,
    downgrade => 'DROP ROLE regress_migrate_other');
SELECT status FROM migrate.load('0005_settings.sql', $q$-- migrate:up
DO $$ BEGIN RAISE NOTICE '% % % % %', current_setting('search_path'), current_setting('work_mem'), current_setting('TimeZone'),
    current_setting('my.setting', true), current_user; END $$;
-- migrate:down
$q$);
SET search_path = public, pg_temp;
SET TIME ZONE 'UTC';
SELECT revision FROM migrate.upgrade();
SELECT current_setting('search_path'), current_setting('work_mem'), current_setting('TimeZone'), current_setting('my.setting', true), current_user;
SELECT revision FROM migrate.downgrade('0003');
SELECT current_setting('migrate.revision') = '' AS no_revision;
RESET search_path;
SET migrate.revision = 'x';
:state

-- The search_path and the role are the caller's.
CREATE ROLE regress_migrate_app LOGIN;
CREATE SCHEMA app AUTHORIZATION regress_migrate_app;
GRANT EXECUTE ON FUNCTION migrate.upgrade, migrate.downgrade, migrate.load(text, text) TO regress_migrate_app;
SELECT migrate.remove('0005'), migrate.remove('0004');
\c - regress_migrate_app
SET search_path = app;
SELECT status FROM migrate.load('0004_here.sql', $$-- migrate:up
CREATE TABLE here (id int);
-- migrate:down
DROP TABLE here;
$$);
SELECT revision FROM migrate.upgrade();
\d here
SELECT revision, applied_by FROM migrate.applied WHERE revision = '0004';
SELECT requested_by, role FROM migrate.runs ORDER BY run DESC LIMIT 1;
RESET search_path;
SELECT revision FROM migrate.downgrade('-1');
:state
SET search_path = app;
SELECT revision FROM migrate.downgrade('-1');
\c - postgres
SELECT migrate.remove('0004');

-- An event trigger knows the revision.
CREATE FUNCTION tell() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'revision "%": %', current_setting('migrate.revision'), tg_tag;
END $$;
CREATE EVENT TRIGGER tell ON ddl_command_end EXECUTE FUNCTION tell();
SELECT revision FROM migrate.downgrade('-1');
SELECT revision FROM migrate.upgrade();
CREATE TABLE by_hand ();
DROP EVENT TRIGGER tell;

-- A constraint that waits for the end of the transaction.
SELECT status FROM migrate.load('0004_deferred.sql', $$-- migrate:up
ALTER TABLE orders ADD CONSTRAINT later FOREIGN KEY (id) REFERENCES users DEFERRABLE INITIALLY DEFERRED;
INSERT INTO orders VALUES (99, 1);
-- migrate:down
DELETE FROM orders WHERE id = 99;
ALTER TABLE orders DROP CONSTRAINT later;
$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT revision FROM migrate.current();
BEGIN;
SELECT revision FROM migrate.upgrade();
INSERT INTO users VALUES (99, 'Margaret');
COMMIT;
SELECT revision FROM migrate.current();
-- Pending trigger events are PostgreSQL's to complain about.
SELECT revision FROM migrate.downgrade('-1');
:state

-- No revision runs another one.
SELECT status FROM migrate.load('0005_nested.sql', $$-- migrate:up
SELECT migrate.upgrade();
-- migrate:down
$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('0005', upgrade => $$SELECT migrate.stamp('{0005}');$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('0005', upgrade => $$CALL migrate.upgrade_online();$$);
SELECT revision FROM migrate.upgrade();
:state
-- But it may look.
SELECT migrate.edit('0005', upgrade => $$DO 'BEGIN RAISE NOTICE ''%'', (SELECT revision FROM migrate.current()); END'$$);
SELECT revision FROM migrate.upgrade();

-- A read-only transaction.
BEGIN READ ONLY;
SELECT revision FROM migrate.current();
SELECT revision FROM migrate.upgrade();
:state
ROLLBACK;
-- A revision without statements.
SELECT migrate.revision('Nothing', '', '', revision_id => '0006');
SELECT revision, status FROM migrate.upgrade();
SELECT revision, status FROM migrate.downgrade('-1');

DROP OWNED BY regress_migrate_app;
DROP ROLE regress_migrate_app;
\c postgres
DROP DATABASE regress_running;
