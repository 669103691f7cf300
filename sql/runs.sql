-- The record of runs.
CREATE DATABASE regress_runs;
\c regress_runs
CREATE EXTENSION migrate;
SET application_name = 'deploy 42';
SELECT migrate.revision('One', 'CREATE TABLE one (id int PRIMARY KEY)', 'DROP TABLE one', revision_id => 'one1');
SELECT migrate.revision('Two', 'INSERT INTO one VALUES (1), (1)', '', revision_id => 'two2');
SELECT migrate.revision('Three', 'VACUUM one', '', revision_id => 'three3');
CREATE VIEW told AS
    SELECT run, command, target, status, host, requested_by, role, application, client, from_heads, to_heads,
           started_at <= clock_timestamp() AS started, duration >= '0' AS took, sqlstate, message, detail, hint, context
      FROM migrate.runs;
\x
-- Inline, in the caller's transaction.
SELECT revision FROM migrate.upgrade('one1');
SELECT * FROM told;
SELECT revision FROM migrate.upgrade('two2');
SELECT * FROM told WHERE run = 2;
-- In a worker.
SELECT revision FROM migrate.upgrade('three3');
SELECT * FROM told WHERE run = 3;
CALL migrate.upgrade_online('two2');
SELECT * FROM told WHERE run = 4;
SELECT migrate.edit('two2', upgrade => 'INSERT INTO one VALUES (1)');
CALL migrate.upgrade_online('heads');
SELECT * FROM told WHERE run = 5;
CALL migrate.downgrade_online('-1');
SELECT * FROM told WHERE run = 6;
\x
SELECT run, step, revision, direction, message, status, statements,
       started_at <= clock_timestamp() AS started, duration >= '0' AS took FROM migrate.run_steps;
-- Nothing to do is no run, nor is a refusal before anything ran; a worker records what it was asked for.
SELECT * FROM migrate.upgrade('two2');
SELECT * FROM migrate.upgrade('nosuch');
CALL migrate.upgrade_online('two2');
CALL migrate.upgrade_online('nosuch');
SELECT run, target, status, sqlstate, message FROM migrate.runs WHERE run > 6;
-- A run whose transaction is rolled back has not been.
BEGIN;
SELECT revision FROM migrate.downgrade('-1');
SELECT max(run) FROM migrate.runs;
ROLLBACK;
SELECT max(run) FROM migrate.runs;
-- The backend that asked is gone, or never was.
INSERT INTO migrate.run SELECT 100, 'upgrade', 'head', 'running', 'worker', 'x', 'x', '', '', 0, '{}', '{}', now(), NULL, NULL, NULL, NULL, NULL, NULL, '{}';
SELECT run, status, duration FROM migrate.runs WHERE run = 100;
CALL migrate.upgrade_online('three3');
SELECT run, status, duration > '0' AS ended FROM migrate.runs WHERE run >= 100;
\c postgres
DROP DATABASE regress_runs;
