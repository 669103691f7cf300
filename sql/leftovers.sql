-- Invalid indexes of another origin, where a revision builds one of that name.
CREATE DATABASE regress_leftovers;
\c regress_leftovers
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
\set VERBOSITY terse
CREATE TABLE t (id int, x int);
INSERT INTO t SELECT i, i FROM generate_series(1, 100) i;
CREATE FUNCTION break(index regclass) RETURNS oid LANGUAGE sql AS
    'UPDATE pg_index SET indisvalid = false WHERE indexrelid = index RETURNING indexrelid::oid';
CREATE VIEW indexes AS
    SELECT c.relname, i.indisvalid, pg_get_indexdef(c.oid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 't'::regclass ORDER BY 1;

-- IF NOT EXISTS would keep it as it is: it is rebuilt.
CREATE INDEX t_x ON t (x);
SELECT break('t_x') > 0;
SELECT migrate.revision('Kept', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS t_x ON t (x);',
                        'DROP INDEX CONCURRENTLY t_x;', revision_id => '0001');
SELECT revision, status FROM migrate.upgrade();
SELECT * FROM indexes;
SELECT revision, status FROM migrate.downgrade('-1');

-- One with other columns is not, and neither is it kept.
CREATE UNIQUE INDEX t_x ON t (id);
SELECT break('t_x') > 0;
SELECT migrate.upgrade();
:state
SELECT * FROM indexes;
SELECT * FROM migrate.unfinished;
DROP INDEX t_x;
SELECT revision, status FROM migrate.upgrade();

-- Without IF NOT EXISTS it is in the way, and stays what it is; so are others.
CREATE INDEX t_id ON t (id);
CREATE INDEX t_other_ccnew ON t (id);
SELECT break('t_id') AS before \gset
SELECT break('t_other_ccnew') > 0;
SELECT migrate.revision('Plain', 'CREATE TABLE before (); CREATE INDEX CONCURRENTLY t_id ON t (id);',
                        'SELECT 1;', revision_id => '0002');
SELECT migrate.upgrade();
:state
SELECT 't_id'::regclass::oid = :before AS untouched;
SELECT revision, done, in_flight, found FROM migrate.unfinished;
SELECT migrate.upgrade();
:state
DROP INDEX t_id;
SELECT revision, status FROM migrate.upgrade();
SELECT migrate.revision('Rebuild', 'REINDEX TABLE CONCURRENTLY t;', 'SELECT 1;', revision_id => '0003');
SELECT revision, status FROM migrate.upgrade();
SELECT * FROM indexes;

\c postgres
SET client_min_messages = warning;
DROP DATABASE regress_leftovers;
