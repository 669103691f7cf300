-- What the reading functions say.
CREATE DATABASE regress_looking;
\c regress_looking
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
-- Nothing yet.
SELECT * FROM migrate.current();
SELECT * FROM migrate.heads();
SELECT * FROM migrate.branches();
SELECT * FROM migrate.history();
SELECT * FROM migrate.pending();
SELECT * FROM migrate.validate();
SELECT * FROM migrate.plan('upgrade', 'head');
SELECT * FROM migrate.plan('downgrade', 'base');
SELECT * FROM migrate.upgrade();
SELECT * FROM migrate.export();
SELECT migrate.upgrade_sql() = '' AS nothing;
SELECT * FROM migrate.runs;

SELECT status FROM migrate.load(jsonb_build_object(
    '0001_users.sql', E'-- migrate:up\nCREATE TABLE users (id int PRIMARY KEY);\n-- migrate:down\nDROP TABLE users;\n',
    '0002_index.sql', E'-- migrate:up\nALTER TABLE users ADD name text;\n\n-- by name\nCREATE INDEX CONCURRENTLY users_name ON users (name);\nCOMMENT ON TABLE users IS ''it''''s; \\ here''; -- the end\n-- migrate:down\nDROP INDEX CONCURRENTLY users_name;\nALTER TABLE users DROP name;\n',
    '0003_shop.sql', E'-- migrate:revises 0002\n-- migrate:label shop\n-- migrate:up\nCREATE TABLE shop (id int);\n-- migrate:down\nDROP TABLE shop;\n',
    '0004_crm.sql', E'-- migrate:revises 0002\n-- migrate:label crm\n-- migrate:depends 0003\n-- migrate:up\nCREATE TABLE crm (id int);\n'));
SELECT revision, message, is_head, branch_labels, applied_by FROM migrate.current();
SELECT * FROM migrate.heads();
SELECT * FROM migrate.branches();
SELECT revision, parents, depends_on, branch_labels, message, is_head, is_current FROM migrate.history();
SELECT * FROM migrate.pending();
SELECT * FROM migrate.pending('0001');
SELECT * FROM migrate.plan('upgrade', 'heads');
SELECT * FROM migrate.validate();

-- As one text for psql: the schema and the ledger are the same as after upgrade().
\pset format unaligned
\pset tuples_only
SELECT migrate.upgrade_sql('heads');
SELECT migrate.upgrade_sql('0001:0002');
SELECT migrate.upgrade_sql('heads') \g | psql -XqAt -v ON_ERROR_STOP=1 -d regress_looking
\pset tuples_only
\pset format aligned
SELECT revision, is_head FROM migrate.current();
SELECT revision, method FROM migrate.applied ORDER BY revision;
\d+ users
SELECT migrate.upgrade_sql('heads') = '' AS nothing;
\pset format unaligned
\pset tuples_only
SELECT migrate.downgrade_sql('0001');
:state
SELECT migrate.downgrade_sql('0003:base');
SELECT migrate.stamp('{0003}', purge => true);
DROP TABLE crm;
SELECT migrate.downgrade_sql('base') \g | psql -XqAt -v ON_ERROR_STOP=1 -d regress_looking
\pset tuples_only
\pset format aligned
SELECT * FROM migrate.applied;
\d
SELECT migrate.upgrade_sql('nosuch');
:state

-- current() and show() after real runs.
SELECT count(*) FROM migrate.upgrade('heads');
SELECT revision, message, is_head, branch_labels, applied_by, applied_at <= now() AS before_now FROM migrate.current();
SELECT revision, parents, depends_on, is_head, is_current, applied_by, applied_at IS NOT NULL AS applied FROM migrate.history();
SELECT revision, message, parents, depends_on, branch_labels, children, is_head, is_branch_point, is_merge_point,
       applied_by, path, loaded_by, loaded_at <= now() AS before_now FROM migrate.show('0002');
SELECT * FROM migrate.pending();

-- Each finding of validate(). Only the owner of the tables can break them.
UPDATE migrate.revision_script SET script = replace(script, 'CREATE', 'CREAT') WHERE revision = '0003';
UPDATE migrate.revision_script SET script = script || 'SELECT 1;' WHERE revision = '0001';
UPDATE migrate.applied SET checksum = 'x' WHERE revision = '0002';
INSERT INTO migrate.unfinished VALUES ('0004', 'downgrade', 2, 3, 1, 'x', NULL);
SELECT * FROM migrate.validate();
SELECT revision FROM migrate.downgrade('-1');
:state
SELECT revision FROM migrate.upgrade('heads');
:state
DELETE FROM migrate.unfinished;
SELECT revision FROM migrate.downgrade('0001');
:state
SELECT revision FROM migrate.downgrade('crm@0002');
:state
DELETE FROM migrate.applied WHERE revision = '0001';
SELECT * FROM migrate.validate() WHERE code = 'MG014';
DELETE FROM migrate.revision_parent WHERE revision = '0004';
INSERT INTO migrate.revision_parent VALUES ('0001', 1, '0003');
SELECT * FROM migrate.validate();
SELECT * FROM migrate.history();
:state
DELETE FROM migrate.revision_parent WHERE revision = '0001';
DELETE FROM migrate.revision_script WHERE revision = '0004';
SELECT migrate.script('0004');
:state
SELECT * FROM migrate.validate() WHERE revision = '0004';
\c postgres
DROP DATABASE regress_looking;
