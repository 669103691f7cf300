-- The extension is trusted: its owner may be an ordinary role, who owns the tables. Nothing that she
-- writes there makes a superuser run her statements.
\set VERBOSITY default
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE ROLE regress_alice LOGIN;
CREATE ROLE regress_mallory;
CREATE DATABASE regress_trust OWNER regress_alice;
\c regress_trust
GRANT CREATE ON DATABASE regress_trust TO regress_mallory;
\c - regress_alice
SET client_min_messages = warning;

-- A schema that waits for the extension
\c - postgres
SET ROLE regress_mallory;
CREATE SCHEMA migrate;
RESET ROLE;
CREATE EXTENSION migrate;
:state
DROP SCHEMA migrate;

\c - regress_alice
CREATE EXTENSION migrate;
SELECT migrate.revision('Mine', 'CREATE TABLE mine ()', 'DROP TABLE mine', revision_id => 'mine');
SELECT revision, status FROM migrate.upgrade();
SELECT migrate.revision('Trap', 'RESET ROLE; ALTER ROLE regress_alice SUPERUSER', 'SELECT 1', revision_id => 'trap');

-- Forged: she says that a superuser has loaded it
UPDATE migrate.revision SET loaded_by = 'postgres' WHERE id = 'trap';
\c - postgres
SELECT migrate.upgrade();
:state
SET ROLE regress_alice;
SELECT migrate.upgrade();
:state
CALL migrate.upgrade_online();
:state
RESET ROLE;
SELECT migrate.edit('trap', message => 'Corrected');
SELECT migrate.upgrade();
:state
SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_alice';

-- A script that is not the one that was checked
\c - regress_alice
SELECT migrate.edit('trap', upgrade => 'SELECT 1');
UPDATE migrate.revision_script SET script = replace(script, 'SELECT 1', 'SELECT 2') WHERE revision = 'trap';
SELECT migrate.upgrade();
:state
SELECT code, revision, message FROM migrate.validate();
SELECT migrate.edit('trap', upgrade => 'CREATE INDEX CONCURRENTLY i ON mine ((1))', downgrade => 'SELECT 1');

-- A worker would start as who logged in, not as who a function runs for
CREATE FUNCTION as_owner() RETURNS bigint LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT count(*) FROM migrate.upgrade('head', wait => false) $$;
SELECT as_owner();
:state
SELECT count(*) FROM migrate.upgrade();

\c postgres postgres
DROP DATABASE regress_trust;
DROP ROLE regress_alice, regress_mallory;
