-- A run that nobody waits for: wait and cancel.
\set VERBOSITY default
\pset null '(null)'
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE EXTENSION migrate;

-- One that ends well
SELECT migrate.load('0001_table.sql', E'-- migrate:up\nCREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\n-- migrate:down\nDROP TABLE t;\n');
SELECT * FROM migrate.upgrade('head', wait => false);
CALL migrate.wait(1);
SELECT status, command, target, to_heads FROM migrate.runs WHERE run = 1;
CALL migrate.wait(1);
SELECT migrate.cancel(1);

-- One that fails: its own error, as if it had been waited for
SELECT migrate.load('0002_fails.sql', E'-- migrate:up\nINSERT INTO t VALUES (1), (1);\nCREATE UNIQUE INDEX CONCURRENTLY u ON t (a);\n');
SELECT revision, status FROM migrate.upgrade('head', wait => false);
CALL migrate.wait(2);
:state
SELECT migrate.resolve('0002', 'undo');
SELECT migrate.remove('0002');

-- One that is stopped
SELECT migrate.load('0002_long.sql', E'-- migrate:up\n-- migrate:no-transaction\nVACUUM t;\nSELECT pg_sleep(600);\n');
SELECT revision, status FROM migrate.upgrade('head', wait => false);
DO $$
BEGIN
    FOR i IN 1 .. 300 LOOP
        EXIT WHEN EXISTS (SELECT FROM migrate.unfinished WHERE done = 1);
        PERFORM pg_sleep(0.1);
        COMMIT;
    END LOOP;
END
$$;
SELECT migrate.cancel(3);
CALL migrate.wait(3);
:state
SELECT status, sqlstate, message FROM migrate.runs WHERE run = 3;
SELECT revision, direction, done FROM migrate.unfinished;

-- What wait() refuses
CALL migrate.wait(4);
:state
CALL migrate.wait(NULL);
:state
BEGIN;
CALL migrate.wait(1);
:state
ROLLBACK;
SELECT migrate.cancel(4);

-- A revision that goes on after an error still has the settings that it made
SELECT migrate.resolve('0002', 'undo');
SELECT migrate.remove('0002');
CREATE SCHEMA aside;
CREATE TABLE ready ();
SELECT migrate.load('0002_goes_on.sql', E'-- migrate:up\nSET search_path = aside;\nCREATE TABLE made (a int);\nCREATE INDEX CONCURRENTLY made_a ON made (a);\nINSERT INTO made SELECT 1 / count(*) FROM public.ready;\n');
SELECT revision FROM migrate.upgrade();
:state
SELECT revision, done FROM migrate.unfinished;
INSERT INTO ready DEFAULT VALUES;
SELECT revision FROM migrate.upgrade();
SELECT * FROM aside.made;
SHOW search_path;
\pset format unaligned
SELECT migrate.upgrade_sql('0001:0002');
