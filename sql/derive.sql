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
-- Nothing of it stays.
SELECT count(*) FROM users WHERE note LIKE 'note%' AND age > 20;
SELECT last_value, is_called FROM orders_id_seq;
SELECT to_regclass('items'), to_regclass('people'), to_regclass('a');
