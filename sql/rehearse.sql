-- Pending revisions tried out on the database itself; nothing of it stays.
CREATE DATABASE regress_rehearse;
\c regress_rehearse
\set SHOW_CONTEXT errors
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE EXTENSION migrate;
\pset null '~'
SELECT * FROM migrate.rehearse();
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, age int);
CREATE TABLE orders (id serial PRIMARY KEY, user_id int, total int);
CREATE TABLE log (what text);
INSERT INTO users SELECT i, 'user' || i, 20 + i FROM generate_series(1, 10) i;
INSERT INTO orders (user_id, total) SELECT 1 + i % 10, i FROM generate_series(1, 100) i;
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (TG_OP); RETURN NEW; END';
CREATE TRIGGER logged AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION logged();
-- All that there is, to see that nothing of it changes.
CREATE FUNCTION everything() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(x, E'\n' ORDER BY x)) FROM (
        SELECT c.oid || c.relname || c.relfilenode || c.relkind::text || c.relhasindex FROM pg_class c
        UNION ALL SELECT attrelid || attname || atttypid || attnotnull FROM pg_attribute
        UNION ALL SELECT conrelid || conname FROM pg_constraint
        UNION ALL SELECT indexrelid || indrelid::text || indisready || indisvalid FROM pg_index
        UNION ALL SELECT xmin || u::text FROM users u
        UNION ALL SELECT xmin || o::text FROM orders o
        UNION ALL SELECT xmin || l::text FROM log l
        UNION ALL SELECT r::text FROM migrate.revision r
        UNION ALL SELECT r::text FROM migrate.applied r
        UNION ALL SELECT r::text FROM migrate.run r
        UNION ALL SELECT r::text FROM migrate.run_step r
        UNION ALL SELECT r::text FROM migrate.state r
        UNION ALL SELECT last_value::text || is_called FROM orders_id_seq) AS all_of_it (x)
$$;
CREATE VIEW held AS SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()
    AND (locktype IN ('advisory', 'object') OR relation IN ('users'::regclass, 'orders'::regclass, 'log'::regclass));
SELECT migrate.revision('Good', 'ALTER TABLE users ADD COLUMN nick text DEFAULT ''x'' NOT NULL; CREATE INDEX users_nick_idx ON users (nick);',
    'ALTER TABLE users DROP COLUMN nick;', revision_id => 'r1');
SELECT migrate.revision('Loses', 'ALTER TABLE users DROP COLUMN age;', 'ALTER TABLE users ADD COLUMN age int;', revision_id => 'r2');
SELECT migrate.revision('Forgets', 'CREATE TABLE a (i int); CREATE VIEW v AS SELECT * FROM a; ALTER TABLE orders ALTER COLUMN total TYPE bigint',
    'DROP VIEW v; ALTER TABLE orders ALTER COLUMN user_id SET NOT NULL', revision_id => 'r3');
SELECT everything() AS before \gset
\x on
SELECT step, revision, message, restores, differences, rows_changed, locks, rewritten, scanned, simulated, error FROM migrate.rehearse();
\x off
SELECT everything() = :'before' AS nothing_stays;
TABLE held;
-- Its fault shows: the table that r3 forgets to drop is in the way of the second upgrade.
SELECT migrate.edit('r3', downgrade => 'DROP VIEW v; DROP TABLE a; ALTER TABLE orders ALTER COLUMN total TYPE int');
SELECT revision, restores, differences, rows_changed, error FROM migrate.rehearse();
-- Rows that no statement names, and tables that are too large.
SELECT migrate.revision('Rows', $$UPDATE users SET email = upper(email) WHERE id < 4; DELETE FROM orders WHERE id > 98;$$,
    $$INSERT INTO users VALUES (11, 'new')$$, revision_id => 'r4');
SELECT revision, restores, rows_changed, locks, error FROM migrate.rehearse('r4');
SELECT revision, restores, rows_changed FROM migrate.rehearse('r4', compare_up_to => '0');
SELECT everything() = :'before' AS nothing_stays; -- not the same: two revisions have been changed
SELECT migrate.remove('r4');
-- What cannot run in a transaction.
SELECT migrate.revision('Alone', 'CREATE UNIQUE INDEX CONCURRENTLY users_email_idx ON users (email); VACUUM users; ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_idx;
INSERT INTO users VALUES (12, ''twelve'', ''x'');',
    'DELETE FROM users WHERE id = 12; ALTER TABLE users DROP CONSTRAINT users_email_key;', revision_id => 'r5');
SELECT migrate.revision('Index gone', 'CREATE INDEX CONCURRENTLY orders_total_idx ON orders (total); DROP INDEX CONCURRENTLY orders_total_idx;', '', revision_id => 'r6');
\x on
SELECT revision, restores, differences, rows_changed, locks, rewritten, scanned, simulated, error FROM migrate.rehearse() WHERE revision > 'r4';
\x off
-- A failing upgrade, a failing downgrade, a failing verify, no downgrade.
SELECT migrate.revision('No way back', 'CREATE TABLE b (i int)', revision_id => 'r7');
SELECT migrate.revision('Bad way back', 'CREATE TABLE c (i int)', E'DROP TABLE c;\nDROP TABLE nosuchtable', revision_id => 'r8');
SELECT migrate.revision('Bad', E'CREATE TABLE d (i int);\nCREATE TABLE c (i int);', 'DROP TABLE d', revision_id => 'r9');
SELECT migrate.revision('Later', 'SELECT 1', revision_id => 'ra');
SELECT revision, restores, differences, error FROM migrate.rehearse() WHERE revision > 'r6';
SELECT migrate.edit('r9', upgrade => 'CREATE TABLE d (i int)', verify => 'SELECT false');
SELECT revision, error FROM migrate.rehearse() WHERE error IS NOT NULL;
SELECT migrate.remove('ra'), migrate.remove('r9');
-- In a transaction block, whose own changes stay; constraints that are checked at the end.
SELECT migrate.revision('Deferred', 'CREATE TABLE p (i int PRIMARY KEY, q int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO p VALUES (1, 2); INSERT INTO p VALUES (2, 1);', 'DROP TABLE p', revision_id => 'rb');
BEGIN;
INSERT INTO log VALUES ('mine');
SELECT revision, restores, error FROM migrate.rehearse('rb') WHERE revision = 'rb';
SELECT * FROM log;
TABLE held;
COMMIT;
SELECT migrate.edit('rb', upgrade => 'CREATE TABLE p (i int PRIMARY KEY, q int REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO p VALUES (1, 3);');
SELECT revision, restores, error FROM migrate.rehearse('rb') WHERE revision = 'rb';
-- Procedures that work online do it at once, event triggers fire as ever.
CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE NOTICE '% in revision %', TG_TAG, current_setting('migrate.revision', true); END $$;
CREATE EVENT TRIGGER told ON ddl_command_end WHEN TAG IN ('CREATE INDEX', 'ALTER TABLE') EXECUTE FUNCTION told();
SELECT migrate.edit('rb', upgrade => $$CALL migrate.add_not_null('orders', 'user_id');
CALL migrate.add_check('orders', 'total > 0', 'positive');
CALL migrate.add_foreign_key('orders', '{user_id}', 'users');
CALL migrate.create_index('orders', '(user_id)');
CALL migrate.backfill('orders', 'total = total + 1');
CALL migrate.reindex('orders');
CREATE INDEX CONCURRENTLY orders_two ON orders (user_id, total);$$,
    downgrade => $$DROP INDEX CONCURRENTLY orders_two; CALL migrate.drop_index('orders_user_id_idx'); ALTER TABLE orders DROP CONSTRAINT positive, DROP CONSTRAINT orders_user_id_fkey, ALTER user_id DROP NOT NULL$$);
\x on
SELECT revision, restores, differences, rows_changed, locks, scanned, simulated, error FROM migrate.rehearse('rb') WHERE revision = 'rb';
\x off
DROP EVENT TRIGGER told;
-- Nothing is pending.
SELECT count(*) FROM migrate.stamp('{heads}');
SELECT * FROM migrate.rehearse();
SELECT migrate.rehearse('nosuch');
:state
SELECT migrate.rehearse('head', compare_up_to => 'much');
:state
SET default_transaction_read_only = on;
SELECT migrate.rehearse();
:state
RESET default_transaction_read_only;
