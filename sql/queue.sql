-- In a transaction block: what can run there does, the rest is queued and starts after the commit.
\set VERBOSITY default
\pset null '(null)'
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE DATABASE regress_queue;
\c regress_queue
CREATE EXTENSION migrate;
SELECT migrate.load('0001_table.sql', E'-- migrate:up\nCREATE TABLE t (a int);\n-- migrate:down\nDROP TABLE t;\n');
SELECT migrate.load('0002_index.sql', E'-- migrate:up\nCREATE INDEX CONCURRENTLY i ON t (a);\n-- migrate:down\nDROP INDEX CONCURRENTLY i;\n');
SELECT migrate.load('0003_column.sql', E'-- migrate:up\nALTER TABLE t ADD COLUMN b int;\n-- migrate:down\nALTER TABLE t DROP COLUMN b;\n');
CREATE VIEW runs AS
    SELECT run, command, target, status, host, sqlstate, message FROM migrate.runs;
SHOW migrate.in_transaction_block;

-- Rolled back, as a whole or to a savepoint: nothing happens
BEGIN;
SELECT step, revision, status FROM migrate.upgrade();
SELECT * FROM runs;
ROLLBACK;
SELECT * FROM runs;
BEGIN;
SAVEPOINT before;
SELECT step, revision, status FROM migrate.upgrade();
ROLLBACK TO before;
COMMIT;
SELECT * FROM runs;
SELECT revision FROM migrate.current();

-- Prepared: refused
BEGIN;
SELECT step, revision, status FROM migrate.upgrade();
PREPARE TRANSACTION 'queued';
:state
SELECT * FROM runs;

-- Unless nothing is queued any more
BEGIN;
SAVEPOINT before;
SELECT step, revision, status FROM migrate.upgrade();
ROLLBACK TO before;
PREPARE TRANSACTION 'not queued';
ROLLBACK PREPARED 'not queued';

-- Committed: relative targets mean what they meant when they were given
BEGIN;
SELECT step, revision, status FROM migrate.upgrade('+2');
SELECT revision FROM migrate.current();
COMMIT;
CALL migrate.wait(2);
SELECT revision FROM migrate.current();
SELECT * FROM runs;
SELECT run, step, revision, status FROM migrate.run_steps;

-- Everything is queued with wait => false, and cancelled before it begins
BEGIN;
SELECT step, revision, status FROM migrate.upgrade('head', wait => false);
SELECT migrate.cancel(3);
SELECT migrate.cancel(3);
COMMIT;
SELECT * FROM runs WHERE run = 3;
CALL migrate.wait(3);
:state
SELECT revision FROM migrate.current();

-- Twice in one transaction: the second run finds its work done
BEGIN;
SELECT step, revision, status FROM migrate.downgrade('base');
SELECT step, revision, status FROM migrate.downgrade('base');
COMMIT;
CALL migrate.wait(4);
CALL migrate.wait(5);
SELECT * FROM runs WHERE run > 3;
SELECT revision FROM migrate.current();

-- From a function, a DO block, beside a table: the same
DO $$ BEGIN PERFORM migrate.upgrade('0002'); END $$;
CALL migrate.wait(7);
CREATE TABLE made AS SELECT revision, status FROM migrate.upgrade('0003');
SELECT * FROM runs WHERE run > 5;
SELECT revision, status FROM migrate.downgrade('0001'), pg_catalog.pg_class WHERE oid = 't'::regclass;
CALL migrate.wait(10);
SELECT revision FROM migrate.current();

-- It fails: its own error, and what had committed before stays
SELECT migrate.load('0004_fails.sql', E'-- migrate:up\nVACUUM t;\nSELECT 1/0;\n-- migrate:down\n');
BEGIN;
SELECT step, revision, status FROM migrate.upgrade();
INSERT INTO t (a) VALUES (1);
COMMIT;
CALL migrate.wait(11);
:state
SELECT revision FROM migrate.current();
SELECT a FROM t;

-- The state changed in between
SELECT migrate.resolve('0004', 'undo');
SELECT migrate.remove('0004');
BEGIN;
SELECT step, revision, status FROM migrate.downgrade('0001');
SELECT migrate.stamp('{}', purge => true);
SELECT migrate.stamp('{0003}');
COMMIT;
CALL migrate.wait(13);
:state

-- Refused
SET migrate.in_transaction_block = error;
BEGIN;
SELECT step, revision, status FROM migrate.downgrade('0001');
:state
ROLLBACK;
SET migrate.in_transaction_block = perhaps;
RESET migrate.in_transaction_block;

-- Not in another's name
CREATE FUNCTION definer() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT status FROM migrate.downgrade('0001') $$;
SELECT definer();
:state
\c postgres
DROP DATABASE regress_queue;
