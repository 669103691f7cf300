-- Downgrades that the server works out by itself.
CREATE DATABASE regress_derive;
\c regress_derive
\set SHOW_CONTEXT errors
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE EXTENSION migrate;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, age int DEFAULT 18 CHECK (age > 0), note text, mood mood, code varchar(40));
COMMENT ON COLUMN users.note IS 'what was said';
CREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users, total numeric(10,2));
CREATE INDEX orders_total_idx ON orders (total) WHERE total > 100;
CREATE VIEW spenders AS SELECT u.email, sum(o.total) AS total FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.email;
GRANT SELECT ON spenders TO PUBLIC;
INSERT INTO users SELECT i, 'user' || i, 20 + i, 'note ' || i, 'ok', 'x' FROM generate_series(1, 5) i;
INSERT INTO orders (user_id, total) SELECT i, i * 50 FROM generate_series(1, 5) i;
\pset format unaligned
\pset tuples_only on
-- What comes goes, in the order that it takes.
SELECT migrate.derive_downgrade($$
CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders, mood mood);
CREATE VIEW sold AS SELECT * FROM items;
CREATE INDEX CONCURRENTLY items_order_id_idx ON items (order_id);
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE users ADD COLUMN rank int DEFAULT one();
INSERT INTO items VALUES (1, 1, 'ok');
$$);
-- What goes comes back, with what hung on it.
SELECT migrate.derive_downgrade('DROP VIEW spenders');
SELECT migrate.derive_downgrade('DROP TABLE orders CASCADE');
SELECT migrate.derive_downgrade('ALTER TABLE users DROP COLUMN note, ALTER COLUMN age DROP DEFAULT');
-- What the rows that are there do not take back.
SELECT migrate.derive_downgrade('ALTER TABLE users DROP COLUMN email CASCADE');
-- A name is given back: nothing is dropped and made anew.
SELECT migrate.derive_downgrade($$
ALTER TABLE users RENAME TO people;
ALTER TABLE people RENAME COLUMN email TO address;
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
ALTER SEQUENCE orders_id_seq RENAME TO numbers;
$$);
SELECT migrate.derive_downgrade('CREATE SCHEMA app; ALTER TABLE orders SET SCHEMA app; CREATE TABLE orders (only_this int)');
-- Changes of types, a new enum value, and rows.
SELECT migrate.derive_downgrade($$
ALTER TABLE users ALTER COLUMN age TYPE smallint;
ALTER TABLE users ALTER COLUMN code TYPE varchar(10);
ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2);
$$);
SELECT migrate.derive_downgrade($$ALTER TYPE mood ADD VALUE 'great'; UPDATE users SET mood = 'great' WHERE id = 1;$$);
SELECT migrate.derive_downgrade($$
UPDATE users SET note = upper(note);
DELETE FROM orders WHERE id = 1;
WITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone;
TRUNCATE orders;
DO 'BEGIN UPDATE users SET age = age + 1; END';
CREATE TABLE fresh AS SELECT * FROM users;
UPDATE fresh SET note = NULL;
$$);
SELECT migrate.derive_downgrade('VACUUM users');
SELECT migrate.derive_downgrade('') = '' AS nothing;
-- Errors are at their lines.
SELECT migrate.derive_downgrade(E'CREATE TABLE a (i int);\n\nALTER TABLE a\n    ADD COLUMN b nosuchtype;');
:state
SELECT migrate.derive_downgrade(E'CREATE TABLE a (i int);\nCREATE TABLE a (i int);');
:state
SELECT migrate.derive_downgrade(E'CREATE TABLE a (i int);\nCOMMIT;');
:state
SELECT migrate.derive_downgrade('CREATE TABLE a (');
-- Names that are given back in a circle.
SELECT migrate.derive_downgrade('ALTER TABLE users RENAME note TO x; ALTER TABLE users RENAME email TO note; ALTER TABLE users RENAME x TO email');
SELECT migrate.derive_downgrade('ALTER TABLE users RENAME TO x; ALTER TABLE orders RENAME TO users; ALTER TABLE x RENAME TO orders');
-- What has the same name is not the same, and what refers to a table goes with it.
SELECT migrate.derive_downgrade('ALTER TABLE users DROP COLUMN age CASCADE; ALTER TABLE users ADD COLUMN age int DEFAULT 18 CHECK (age > 0)');
SELECT migrate.derive_downgrade('DROP TABLE orders CASCADE; CREATE TABLE orders (id int)');
SELECT migrate.derive_downgrade('TRUNCATE users CASCADE');
-- Nothing of it stays.
SELECT count(*) FROM users WHERE note LIKE 'note%' AND age > 20;
SELECT last_value, is_called FROM orders_id_seq;
SELECT to_regclass('items'), to_regclass('people'), to_regclass('a');
-- revision() and edit() derive, and say what does not come back.
SELECT migrate.revision('Drop note', 'ALTER TABLE users DROP COLUMN note', downgrade => 'auto', revision_id => 'r1');
SELECT migrate.script('r1');
SELECT migrate.edit('r1', upgrade => 'ALTER TABLE users ADD COLUMN more int', downgrade => 'auto');
SELECT migrate.script('r1');
SELECT migrate.remove('r1');
SELECT migrate.revision('x', 'SELECT 1', 'SELECT 2', keep_data => true);
:state
SELECT migrate.revision('x', 'SELECT nosuch()', downgrade => 'auto');
SELECT count(*) FROM migrate.revision;
-- What would be dropped is kept.
SELECT migrate.revision('Keep', $$
-- away with it
ALTER TABLE users DROP COLUMN email CASCADE, DROP COLUMN note;
ALTER TABLE users DROP COLUMN age; -- has a default
DROP TABLE orders;
CREATE TABLE orders (other int);
ALTER TABLE users RENAME TO people;
$$, downgrade => 'auto', keep_data => true, revision_id => 'k1');
SELECT migrate.script('k1');
SELECT migrate.derive_downgrade('ALTER TABLE users DROP COLUMN note, ADD COLUMN other int', keep_data => true);
:state
-- Namesakes, long names, schemas, children.
BEGIN;
CREATE SCHEMA one CREATE TABLE t (a int);
CREATE TYPE one.kind AS ENUM ('x');
CREATE SCHEMA two CREATE TABLE t (a int, this_name_is_long_enough_to_be_cut_when_something_is_added_x1 int, this_name_is_long_enough_to_be_cut_when_something_is_added_x2 int);
CREATE TABLE two.parent (a int, b int);
CREATE TABLE two.child () INHERITS (two.parent);
SELECT regexp_replace(migrate.derive_downgrade('DROP TABLE one.t, two.t', keep_data => true), '[0-9a-f]{12}', 'ID', 'g');
SELECT regexp_replace(migrate.derive_downgrade('ALTER TABLE two.t DROP COLUMN this_name_is_long_enough_to_be_cut_when_something_is_added_x1, DROP COLUMN this_name_is_long_enough_to_be_cut_when_something_is_added_x2', keep_data => true), '[0-9a-f]{12}', 'ID', 'g');
SELECT regexp_replace(migrate.derive_downgrade('DROP SCHEMA one CASCADE', keep_data => true), '[0-9a-f]{12}', 'ID', 'g');
SELECT regexp_replace(migrate.derive_downgrade('ALTER TABLE two.parent DROP COLUMN b', keep_data => true), '[0-9a-f]{12}', 'ID', 'g');
ALTER TABLE one.t ADD COLUMN k one.kind;
SELECT migrate.revision('x', 'DROP SCHEMA one CASCADE', downgrade => 'auto', keep_data => true, revision_id => 'k9');
ROLLBACK;
SELECT regexp_replace(migrate.derive_downgrade('ALTER TABLE users DROP COLUMN note', keep_data => true), '[0-9a-f]{12}', 'ID', 'g');
CREATE TABLE was AS SELECT * FROM users;
CREATE TABLE were AS SELECT * FROM orders;
SELECT status FROM migrate.upgrade();
SELECT * FROM people WHERE id = 1;
INSERT INTO people (id) VALUES (6);
SELECT revision, object, purge FROM migrate.kept();
DELETE FROM people WHERE id = 6;
SELECT status FROM migrate.downgrade('-1');
SELECT count(*) FROM (SELECT u.id, u.email, u.age, u.note FROM users u EXCEPT SELECT id, email, age, note FROM was) x;
SELECT count(*) FROM (TABLE orders EXCEPT TABLE were) x;
SELECT * FROM spenders ORDER BY 1 LIMIT 2;
INSERT INTO orders (user_id) VALUES (1) RETURNING id;
SELECT * FROM migrate.kept();
-- The way on is the same; then what was kept goes.
SELECT revision, restores, differences, rows_changed, error FROM migrate.rehearse();
SELECT status FROM migrate.upgrade();
SELECT purge FROM migrate.kept() \gexec
SELECT * FROM migrate.kept();
SELECT migrate.downgrade('-1');
