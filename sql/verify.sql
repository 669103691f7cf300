-- The verify section judges an upgrade and undoes it.
CREATE DATABASE regress_verify;
\c regress_verify
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'

-- Rows need not come, but what is boolean must be true.
SELECT migrate.revision('Good', 'CREATE TABLE t (id int); INSERT INTO t VALUES (1), (2)', 'DROP TABLE t',
    E'SELECT id FROM t WHERE false;\nSELECT count(*) = 2 FROM t;\nSELECT id > 0 FROM t;\nSELECT 0;\nSELECT NULL;',
    revision_id => 'good');
SELECT revision FROM migrate.upgrade();
SELECT migrate.revision('Bad', 'ALTER TABLE t ADD COLUMN x int', 'ALTER TABLE t DROP COLUMN x',
    E'SELECT x FROM t;\n\nSELECT count(*) = 3\n  FROM t;', revision_id => 'bad1');
SELECT revision FROM migrate.upgrade();
:state
SELECT revision FROM migrate.current();
\d t
SELECT migrate.edit('bad1', verify => 'SELECT NULL::boolean');
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('bad1', verify => 'SELECT id < 2 FROM t');
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('bad1', verify => E'SELECT x FROM t;\nSELECT 1 / 0 FROM t');
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('bad1', verify => E'SELECT x,\n  y FROM t');
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.edit('bad1', verify => $$DO 'BEGIN RAISE EXCEPTION ''too bad'' USING HINT = ''Do better.''; END'$$);
SELECT revision FROM migrate.upgrade();
:state
SELECT sqlstate, message, hint, context FROM migrate.runs ORDER BY run DESC LIMIT 1;
-- ASSERT is at home here.
SELECT migrate.edit('bad1', verify => $$DO 'BEGIN ASSERT (SELECT count(*) FROM t) = 3, ''three rows''; END'$$);
SELECT revision FROM migrate.upgrade();
:state
-- A downgrade is not judged.
SELECT migrate.edit('bad1', verify => 'SELECT true');
SELECT revision FROM migrate.upgrade();
SELECT revision FROM migrate.downgrade('-1');

-- In a worker: the revision's last transaction is undone, and earlier revisions stay.
SELECT migrate.edit('bad1', verify => 'SELECT false');
CALL migrate.upgrade_online();
:state
SELECT revision FROM migrate.current();
\d t
SELECT * FROM migrate.unfinished;
SELECT migrate.edit('bad1', upgrade => E'CREATE INDEX CONCURRENTLY i ON t (id);\nALTER TABLE t ADD COLUMN x int;');
SELECT revision FROM migrate.upgrade();
:state
\d t
SELECT revision, direction, done, in_flight FROM migrate.unfinished;
SELECT * FROM migrate.validate();
SELECT migrate.edit('bad1', verify => 'SELECT true');
:state
-- What has committed has: the data can be made to fit, and the rest runs.
INSERT INTO t VALUES (3);
SELECT revision FROM migrate.upgrade();
:state
SELECT migrate.resolve('bad1', 'undo');
DROP INDEX i;
SELECT migrate.edit('bad1', verify => 'SELECT true');
SELECT revision FROM migrate.upgrade();
\d t

\c postgres
DROP DATABASE regress_verify;
