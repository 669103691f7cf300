-- Revisions from the difference between the schema and the one that is wanted.
CREATE DATABASE regress_autogenerate;
\c regress_autogenerate
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
\set VERBOSITY default
-- From nothing, and nothing again.
\set shop 'CREATE TYPE mood AS ENUM (''sad'', ''ok'', ''happy''); CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, feels mood DEFAULT ''ok''); CREATE TABLE "order" (id int PRIMARY KEY, customer int REFERENCES customer ON DELETE CASCADE, total numeric(8,2) CHECK (total > 0)); CREATE INDEX ON "order" (customer); CREATE VIEW spent AS SELECT customer, sum(total) AS total FROM "order" GROUP BY 1;'
\a
\t on
SELECT migrate.autogenerate('Shop', :'shop', dry_run => true);
SELECT migrate.autogenerate('Shop', :'shop', revision_id => '0001');
SELECT count(*) FROM migrate.upgrade();
SELECT migrate.autogenerate('Shop', :'shop');
SELECT migrate.autogenerate('Shop', :'shop', dry_run => true);
SELECT count(*) FROM migrate.history();
SELECT count(*) FROM migrate.downgrade('base');
SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT count(*) FROM migrate.upgrade();

-- A dump has this extension in it.
SELECT migrate.diff_sql('BEGIN; CREATE SCHEMA migrate; ALTER SCHEMA migrate OWNER TO current_user; CREATE EXTENSION IF NOT EXISTS migrate WITH SCHEMA migrate; COMMENT ON EXTENSION migrate IS ''x'';' || :'shop' || 'COMMIT;');

-- What is wanted is another schema, or another database.
CREATE SCHEMA next;
CREATE TABLE next.customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, born date);
SELECT migrate.diff_sql(target_schema => 'next', schemas => '{public}', exclude => '{spent,order}', exclude_kinds => '{enum}');
SELECT migrate.diff_sql(target_schema => 'next');
:state
SELECT migrate.diff_sql(target_schema => 'nowhere', schemas => '{public}');
:state
DROP SCHEMA next CASCADE;
SELECT migrate.diff_sql(target_database => 'template0', exclude => '{order,spent}');
SELECT migrate.diff_sql(target_database => 'regress_no_such');
:state
SELECT migrate.diff_sql();
:state
SELECT migrate.diff_sql('', target_schema => 'next');
:state

-- Bad input: the place, and nothing left behind.
SELECT migrate.autogenerate('Bad', E'CREATE TABLE a (id int);\nCREATE TABLE b (id integr);');
:state
SELECT migrate.autogenerate('Bad', E'CREATE TABLE a (id int);\nCREATE TABLE b (id int;');
:state
SELECT migrate.autogenerate('Bad', 'ROLLBACK');
:state
SELECT migrate.autogenerate('Bad', 'CREATE DATABASE x');
:state
SELECT migrate.autogenerate(NULL, '');
:state
SELECT migrate.autogenerate('Bad', '', exclude_kinds => '{tables}');
:state
SELECT migrate.autogenerate('Bad', '', renames => '["a"]');
SELECT migrate.autogenerate('Bad', '', rename_threshold => 2);
SELECT migrate.autogenerate('Bad', '', rename_threshold => 'NaN');
SELECT migrate.autogenerate('Bad', '', schemas => '{nosuch}');
SELECT migrate.autogenerate('Bad', target_schema => 'pg_toast', schemas => '{public}');
SELECT migrate.autogenerate('Bad', E'CREATE TABLE t (a int);\n\nCOPY t FROM stdin;\n1\n\\.\n');
SELECT migrate.autogenerate('Bad', E'\\connect other\nCREATE TABLE t (a int);');
:state
SELECT migrate.autogenerate('Bad', '', revision_id => '0001');
:state
SELECT count(*) FROM migrate.history();
SELECT migrate.diff_sql(:'shop');

-- Not while something is pending: that would be in it again.
SELECT migrate.revision('Pending', 'CREATE TABLE pending (id int);', 'DROP TABLE pending;', revision_id => '0002');
SELECT migrate.autogenerate('Too early', :'shop' || 'CREATE TABLE pending (id int);');
:state
SELECT migrate.remove('0002');

-- In one transaction: made, applied, looked at and gone.
BEGIN;
SELECT migrate.autogenerate('Note', :'shop' || 'ALTER TABLE customer ADD note text;', revision_id => '0002');
SELECT count(*) FROM migrate.upgrade();
SELECT count(*) FROM pg_attribute WHERE attrelid = 'customer'::regclass AND attname = 'note';
ROLLBACK;

-- Rows stay.
INSERT INTO customer (name, feels) VALUES ('a', 'sad'), ('b', 'happy');
INSERT INTO "order" VALUES (1, 1, 9.50), (2, 2, 7);
SELECT migrate.autogenerate('Rows', replace(replace(replace(:'shop', '''sad'', ''ok''', '''ok'', ''sad'', ''fine'''), 'numeric(8,2)', 'int'), 'name text', 'name varchar(10)'), revision_id => '0002');
SELECT migrate.script('0002');
SELECT count(*) FROM migrate.upgrade();
SELECT name, feels FROM customer WHERE feels > 'ok' ORDER BY id;
SELECT * FROM spent ORDER BY 1;
-- A value that is in use: said, and nothing is stored.
SELECT migrate.autogenerate('Fails', replace(:'shop', ', ''happy''', ''), revision_id => '0003');
:state
SELECT migrate.autogenerate('Fails', replace(:'shop', 'name text', 'name text CHECK (name <> ''a'')'), revision_id => '0003');
:state
SELECT count(*) FROM migrate.history();
SELECT count(*) FROM migrate.downgrade('-1');
SELECT migrate.diff_sql(:'shop');
SELECT migrate.edit('0002', '', '');

-- Renames: unambiguous ones are taken with a NOTICE, others offered; said ones are taken, or not.
SELECT migrate.diff_sql(replace(:'shop', 'name text', 'full_name text'));
SELECT migrate.diff_sql(replace(:'shop', 'name text', 'full_name text'), rename_threshold => 1);
SELECT migrate.diff_sql(replace(:'shop', 'name text', 'full_name text'), renames => '{"public.customer.name": null}');
SELECT migrate.diff_sql(replace(:'shop', 'name text', 'full_name varchar(20)'), renames => '{"public.customer.name": "public.customer.full_name"}');
SELECT migrate.diff_sql(replace(:'shop', 'name text', 'full_name text'), renames => '{"public.customer.nme": "public.customer.full_name"}');
:state

-- Forms that keep nobody waiting.
SELECT migrate.diff_sql(replace(:'shop', 'feels mood', 'feels mood NOT NULL') || 'CREATE UNIQUE INDEX ON customer (name); ALTER TABLE "order" ADD CHECK (id > 0), ADD UNIQUE (customer, id);', online => true);
BEGIN;
CREATE INDEX order_total_idx ON "order" (id, customer);
CREATE TABLE gone (id int);
CREATE INDEX ON gone (id);
SELECT migrate.diff_sql(:'shop', online => true);
ROLLBACK;

-- What each statement may do.
\x on
SELECT kind, object, change, hazard, up, down FROM migrate.diff('CREATE TYPE mood AS ENUM (''sad'', ''ok'', ''happy''); CREATE TABLE customer (id bigint PRIMARY KEY, name text NOT NULL, feels mood)');
-- What has been computed with a function that changes.
BEGIN;
CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2';
CREATE TABLE double (a int, b int GENERATED ALWAYS AS (twice(a)) STORED, CHECK (twice(a) > 0));
CREATE INDEX ON double (twice(a));
SELECT object, hazard FROM migrate.diff(:'shop' || $$CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + $1';
CREATE TABLE double (a int, b int GENERATED ALWAYS AS (twice(a)) STORED, CHECK (twice(a) > 0));
CREATE INDEX ON double (twice(a));$$);
ROLLBACK;
\x off

-- What Alembic's autogenerate does not see (docs/autogenerate.md has the table).
SELECT count(*) FROM migrate.downgrade('base');
CREATE ROLE regress_autogenerate;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE a (id int CONSTRAINT a_pkey PRIMARY KEY, name text, age int DEFAULT 1 CONSTRAINT a_age CHECK (age > 0), feels mood);
CREATE INDEX a_name ON a (name);
CREATE VIEW v AS SELECT id FROM a;
CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE SEQUENCE s;
CREATE DOMAIN d AS int;
SELECT $$
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE a (id int CONSTRAINT a_pkey PRIMARY KEY, name text, age int DEFAULT 1 CONSTRAINT a_age CHECK (age > 0), feels mood);
CREATE INDEX a_name ON a (name);
CREATE VIEW v AS SELECT id FROM a;
CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE SEQUENCE s;
CREATE DOMAIN d AS int;
$$ AS wanted \gset
SELECT migrate.diff_sql(:'wanted');
-- SEEN what sql: how the wanted schema differs.
CREATE FUNCTION seen(what text, wanted text) RETURNS text LANGUAGE sql AS
    $$SELECT '-- ' || what || chr(10) || migrate.diff_sql(wanted, exclude => '{seen}', rename_threshold => 0.8)$$;
SET client_min_messages = warning;
SELECT seen(what, CASE WHEN sought IS NULL THEN :'wanted' || value ELSE replace(:'wanted', sought, value) END)
FROM (VALUES
    ('table renamed', NULL, 'ALTER TABLE a RENAME TO people'),
    ('column renamed', NULL, 'ALTER TABLE a RENAME name TO full_name'),
    ('constraint renamed', 'a_age', 'a_age_positive'),
    ('index renamed', 'INDEX a_name', 'INDEX people_name'),
    ('enum value renamed', '''ok''', '''fine'''),
    ('function renamed', 'f(n int)', 'identity(n int)'),
    ('server default', 'DEFAULT 1', 'DEFAULT 18'),
    ('check constraint', 'age > 0', 'age >= 0'),
    ('enum value added', '''sad''', '''sad'', ''so-so'''),
    ('enum value removed', '''sad'', ', ''),
    ('view', 'SELECT id FROM a', 'SELECT id, name FROM a'),
    ('materialized view', NULL, 'CREATE MATERIALIZED VIEW m AS SELECT id FROM v'),
    ('function', 'SELECT n''', 'SELECT n + 1'''),
    ('trigger', NULL, 'CREATE TRIGGER a_t BEFORE UPDATE OF name ON a FOR EACH ROW EXECUTE FUNCTION t()'),
    ('policy', NULL, 'ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON a USING (name = current_user)'),
    ('table comment', NULL, 'COMMENT ON TABLE a IS ''people'''),
    ('function comment', NULL, 'COMMENT ON FUNCTION f IS ''the same'''),
    ('grant', NULL, 'GRANT SELECT (name), UPDATE ON a TO regress_autogenerate'),
    ('default privileges', NULL, 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_autogenerate'),
    ('owner', NULL, 'ALTER TABLE a OWNER TO regress_autogenerate'),
    ('sequence', NULL, 'ALTER SEQUENCE s INCREMENT 10 CACHE 5'),
    ('domain', 'DOMAIN d AS int', 'DOMAIN d AS int CHECK (VALUE > 0)'),
    ('partial index', 'a (name)', 'a (name) WHERE age > 1'),
    ('exclusion', NULL, 'ALTER TABLE a ADD EXCLUDE USING btree (age WITH =)'),
    ('identity', NULL, 'ALTER TABLE a ALTER id ADD GENERATED ALWAYS AS IDENTITY'),
    ('generated column', NULL, 'ALTER TABLE a ADD short text GENERATED ALWAYS AS (left(name, 3)) STORED'),
    ('storage', NULL, 'ALTER TABLE a ALTER name SET STORAGE EXTERNAL, ALTER name SET STATISTICS 500'),
    ('table option', NULL, 'ALTER TABLE a SET (fillfactor = 70)'),
    ('statistics', NULL, 'CREATE STATISTICS a_s ON id, age FROM a'),
    ('rule', NULL, 'CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING'),
    ('publication', NULL, 'CREATE PUBLICATION p FOR TABLE a WHERE (age > 17)'),
    ('extension', NULL, 'CREATE EXTENSION citext'),
    ('event trigger', NULL, 'CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS ''BEGIN END''; CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION e()')
) AS x(what, sought, value);
RESET client_min_messages;
DROP FUNCTION seen;

-- Circles.
SELECT migrate.diff_sql(:'wanted' || $$
CREATE TABLE x (id int PRIMARY KEY, y int); CREATE TABLE y (id int PRIMARY KEY, x int REFERENCES x);
ALTER TABLE x ADD FOREIGN KEY (y) REFERENCES y;
CREATE VIEW w AS SELECT 1 AS one; CREATE FUNCTION g() RETURNS SETOF w LANGUAGE sql BEGIN ATOMIC SELECT * FROM w; END;
CREATE OR REPLACE VIEW w AS SELECT count(*)::int AS one FROM g();$$);

-- An ordinary role needs no more than the right to make the objects.
DROP VIEW v;
DROP TABLE a;
DROP FUNCTION f, t;
DROP SEQUENCE s;
DROP TYPE mood;
DROP DOMAIN d;
GRANT CREATE ON SCHEMA public TO regress_autogenerate;
GRANT USAGE ON SCHEMA migrate TO regress_autogenerate;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA migrate TO regress_autogenerate;
SET ROLE regress_autogenerate;
SELECT migrate.diff_sql('CREATE TABLE mine (id int PRIMARY KEY); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''', schemas => '{public}', exclude_kinds => '{grant}');
SELECT migrate.diff_sql('CREATE SCHEMA other');
:state
RESET ROLE;
-- Nor need one who works in a schema of theirs be allowed to make schemas.
CREATE SCHEMA theirs AUTHORIZATION regress_autogenerate;
COMMENT ON SCHEMA theirs IS 'not ours';
CREATE TABLE theirs.t (a int);
ALTER TABLE theirs.t OWNER TO regress_autogenerate;
SET ROLE regress_autogenerate;
SELECT migrate.diff_sql('CREATE TABLE theirs.t (a int, b int)', schemas => '{theirs}');
SELECT migrate.diff_sql('CREATE SCHEMA theirs; CREATE TABLE theirs.t (a int, b int); COMMENT ON SCHEMA theirs IS $c$mine$c$', schemas => '{theirs}');
RESET ROLE;
\t off
\a
\c postgres
DROP DATABASE regress_autogenerate;
DROP ROLE regress_autogenerate;
