-- What was changed outside of migrations: found, named, taken into a revision; capture.
CREATE DATABASE regress_drift;
\c regress_drift
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
\set VERBOSITY default
-- Nothing is there, nothing is recorded.
SELECT migrate.check();
SELECT * FROM migrate.drift();
CREATE TABLE older (id int);
SELECT migrate.revision('Tables',
    'CREATE TABLE a (id int PRIMARY KEY, b text); CREATE TABLE c (id int REFERENCES a); CREATE VIEW v AS SELECT id FROM a;',
    'DROP VIEW v; DROP TABLE c; DROP TABLE a;', revision_id => '0001');
SELECT migrate.check();
:state
SELECT count(*) FROM migrate.upgrade();
-- What was there before the first run is recorded with it.
SELECT migrate.check();
SELECT kind, identity FROM migrate.schema_object ORDER BY 1, 2;
SELECT name, total, heads FROM migrate.state ORDER BY name;

-- Found and named.
CREATE TABLE x (id int PRIMARY KEY);
DROP VIEW v;
ALTER TABLE a ALTER b TYPE varchar(10), ADD note text DEFAULT 'it''s';
COMMENT ON TABLE c IS 'new';
SELECT migrate.check();
:state
\x on
SELECT * FROM migrate.drift();
\x off

-- A run records what it changes itself, and nothing else; a no-op nothing.
SELECT migrate.revision('More', 'CREATE TABLE d (id int); ALTER TABLE a ADD more int;',
    'ALTER TABLE a DROP more; DROP TABLE d;', revision_id => '0002');
SELECT count(*) FROM migrate.upgrade();
SELECT kind, object, change FROM migrate.drift();
SELECT count(*) FROM migrate.upgrade();
SELECT count(*) FROM migrate.downgrade('-1');
SELECT kind, object, change FROM migrate.drift();

-- Not at the heads.
SELECT migrate.accept_drift('too early');
:state
SELECT count(*) FROM migrate.upgrade();

-- Accepted: both ways, as if it had been a revision.
SELECT migrate.accept_drift('By hand', revision_id => '0003');
SELECT migrate.check();
SELECT migrate.accept_drift('Again');
\t on
\a
SELECT migrate.script('0003');
\a
\t off
SELECT revision, method FROM migrate.applied ORDER BY revision;
SELECT count(*) FROM migrate.downgrade('-1');
\d a
\d+ v
SELECT kind, object, change FROM migrate.drift();
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.check();

-- A transaction that is rolled back leaves the record as it was.
BEGIN;
SELECT count(*) FROM migrate.downgrade('base');
SELECT kind, object FROM migrate.drift();
SELECT count(*) FROM migrate.schema_object;
ROLLBACK;
SELECT migrate.check();
SELECT migrate.revision('Fails', 'CREATE TABLE f (id int); SELECT 1/0;', revision_id => '0004');
SELECT count(*) FROM migrate.upgrade();
SELECT count(*) FROM migrate.drift();
SELECT migrate.remove('0004');
-- The worker records, too.
SELECT migrate.revision('Index', 'CREATE INDEX CONCURRENTLY a_b ON a (b);', 'DROP INDEX CONCURRENTLY a_b;',
    revision_id => '0005');
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.check();
CALL migrate.downgrade_online('-1');
SELECT count(*) FROM migrate.drift();
CALL migrate.upgrade_online();
SELECT migrate.check();
-- Of a run that fails on its way, what it has committed is its own.
SELECT migrate.revision('Half', 'CREATE INDEX CONCURRENTLY c_id ON c (id); SELECT 1/0;', revision_id => '0006');
SELECT count(*) FROM migrate.upgrade();
SELECT count(*) FROM migrate.drift();
SELECT migrate.check();
:state
SELECT migrate.accept_drift('half');
:state
DROP INDEX c_id;
SELECT migrate.resolve('0006', 'undo');
SELECT migrate.remove('0006');
SELECT kind, object, change, up, down FROM migrate.drift();
SELECT migrate.accept_drift('Settled', prove => false, revision_id => '0007');
SELECT migrate.check();

-- Whoever asks, in whatever settings, sees the same.
CREATE TABLE times (t timestamptz DEFAULT '2020-01-02 03:04:05+00', d date DEFAULT '2020-01-02',
    i interval DEFAULT '1 day 2 hours', f float8 DEFAULT 0.1::float8 + 0.2, b bytea DEFAULT '\x00ff');
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
SELECT migrate.accept_drift('Times', revision_id => '0008') AS id;
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (secret 'x');
CREATE ROLE regress_drift_reader;
SET ROLE regress_drift_reader;
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'German';
SET IntervalStyle = 'iso_8601';
SET extra_float_digits = -2;
SET bytea_output = 'escape';
SET quote_all_identifiers = on;
SET search_path = nowhere;
SELECT migrate.check();
SELECT count(*) FROM migrate.drift();
SELECT migrate.accept_drift('no right');
:state
SELECT migrate.record(true);
:state
SELECT * FROM migrate.schema_object;
:state
RESET ALL;
RESET ROLE;
BEGIN READ ONLY;
SELECT migrate.check();
SELECT migrate.accept_drift('read only');
:state
ROLLBACK;

-- stamp: what is applied is what is there.
CREATE TABLE stamped (id int);
SELECT migrate.revision('Stamped', 'CREATE TABLE stamped (id int);', 'DROP TABLE stamped;', revision_id => '0009');
SELECT migrate.stamp('{0009}');
SELECT migrate.check();

-- Not recorded: said, and made good by the next run or by accept_drift().
SET migrate.track_drift = off;
SELECT count(*) FROM migrate.downgrade('-1');
SELECT count(*) FROM migrate.drift();
:state
RESET migrate.track_drift;
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.check();
SET migrate.track_drift = off;
SELECT migrate.revision('Untracked', 'CREATE TABLE untracked (id int);', 'DROP TABLE untracked;', revision_id => '0010');
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.check();
SELECT migrate.accept_drift('nothing to compare with');
SELECT migrate.check();
RESET migrate.track_drift;

-- An applied script that was changed. (The superuser writes what nobody else can.)
UPDATE migrate.applied SET checksum = 'x' WHERE revision = '0010';
SELECT migrate.check();
:state
UPDATE migrate.applied a SET checksum = r.checksum FROM migrate.revision r WHERE r.id = a.revision;

-- Capture.
SELECT migrate.record_as('nothing began');
:state
SELECT migrate.record(false);
:state
CREATE TABLE before_it (id int);
SELECT migrate.record(true);
SELECT migrate.record(true);
:state
SELECT role, requested_by, total, heads FROM migrate.recording;
CREATE TABLE captured (id int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON captured (at);
ALTER TABLE older ADD name text;
SELECT migrate.record_as('Captured', revision_id => '0011');
\t on
\a
SELECT migrate.script('0011');
\a
\t off
-- What had drifted before still has.
SELECT kind, object, change FROM migrate.drift();
SELECT count(*) FROM migrate.downgrade('-1');
SELECT kind, object, change FROM migrate.drift();
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.accept_drift('The rest', revision_id => '0012');
SELECT migrate.record(true);
SELECT migrate.record_as('empty');
SELECT migrate.record(true);
SELECT migrate.record(false);
SELECT migrate.record(true);
CREATE TABLE mine (id int);
SELECT migrate.revision('By another', 'CREATE TABLE theirs (id int);', 'DROP TABLE theirs;', revision_id => '0013');
SELECT migrate.record_as('not at the heads');
:state
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.record_as('whose is it');
:state
SELECT migrate.record(false);
SELECT migrate.accept_drift('Mine', revision_id => '0014');
SELECT migrate.check();
-- In one transaction with what it records.
BEGIN;
SELECT migrate.record(true);
CREATE TABLE at_once (id int);
SELECT migrate.record_as('At once', revision_id => '0015');
SELECT migrate.check();
ROLLBACK;
SELECT migrate.check();

-- Two branches: which one is to be said.
SELECT migrate.revision('Left', 'CREATE TABLE l (id int);', 'DROP TABLE l;', revision_id => 'l1', head => '{base}', branch_labels => '{left}');
SELECT count(*) FROM migrate.upgrade('heads');
ALTER TABLE l ADD x int;
SELECT migrate.accept_drift('ambiguous');
:state
SELECT migrate.accept_drift('On the left', revision_id => 'l2', head => '{left@head}');
SELECT migrate.check();
SELECT revision FROM migrate.current();

-- What nobody can take back on the rows that are there.
ALTER TABLE l ADD CHECK (x > 0);
SELECT migrate.accept_drift('A check', revision_id => 'l3', head => '{left@head}');
ALTER TABLE l DROP CONSTRAINT l_x_check;
INSERT INTO l VALUES (1, -1);
SELECT migrate.accept_drift('No check', revision_id => 'l4', head => '{left@head}');
-- An enum with a value of another name and one more, which is in use.
CREATE TYPE mood AS ENUM ('sad', 'ok');
SELECT migrate.accept_drift('Moods', revision_id => 'l5', head => '{left@head}');
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
ALTER TYPE mood ADD VALUE 'happy' BEFORE 'sad';
ALTER TABLE l ADD COLUMN mood mood DEFAULT 'happy';
SELECT migrate.accept_drift('More moods', revision_id => 'l6', head => '{left@head}');
SELECT migrate.script('l6');
SELECT migrate.check();

\c postgres
DROP DATABASE regress_drift;
DROP ROLE regress_drift_reader;
