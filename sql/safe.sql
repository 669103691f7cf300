-- The safe forms of dangerous statements.
\set VERBOSITY default
\pset null '(null)'
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
CREATE DATABASE regress_safe TEMPLATE template0;
\c regress_safe
CREATE EXTENSION migrate;
CREATE FUNCTION pg_temp.constraints(regclass) RETURNS TABLE (name name, definition text, valid boolean)
    LANGUAGE sql AS
$$SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
  WHERE conrelid = $1 ORDER BY conname$$;
CREATE FUNCTION pg_temp.indexes(regclass) RETURNS TABLE (definition text, valid boolean)
    LANGUAGE sql AS
$$SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE indrelid = $1 OR indrelid IN (SELECT relid FROM pg_partition_tree($1)) ORDER BY c.relname$$;
CREATE FUNCTION pg_temp.not_null(regclass) RETURNS name[]
    LANGUAGE sql AS
$$SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND attnotnull$$;

CREATE SCHEMA "odd schema";
CREATE TABLE "odd schema"."Odd ""Table%s" (id int PRIMARY KEY, "Column, 1" int, "b'c\" text);
INSERT INTO "odd schema"."Odd ""Table%s" SELECT g, g, 'x' || g FROM generate_series(1, 20) g;
\set odd '\'"odd schema"."Odd ""Table%s"\''
CREATE TABLE plain (a int, b int, c text);
INSERT INTO plain SELECT g, g % 5, CASE WHEN g > 7 THEN 'x' END FROM generate_series(1, 10) g;
CREATE TABLE empty (a int, b int);
CREATE TABLE parted (id int, region int, note text) PARTITION BY LIST (region);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 (note text, region int, id int);
ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES IN (2);
CREATE TABLE parted_3 PARTITION OF parted FOR VALUES IN (3, 4) PARTITION BY LIST (region);
CREATE TABLE parted_3a PARTITION OF parted_3 FOR VALUES IN (3);
INSERT INTO parted SELECT g, 1 + g % 3, 'note ' || g FROM generate_series(1, 30) g;

-- NOT NULL
CALL migrate.add_not_null('plain', 'a');
CALL migrate.add_not_null('plain', 'a');
CALL migrate.add_not_null('plain', 'c');
:state
CALL migrate.add_not_null('empty', 'b');
CALL migrate.add_not_null(:odd, 'Column, 1');
CALL migrate.add_not_null(:odd, 'b''c\');
UPDATE parted SET note = NULL WHERE id IN (1, 2, 3);
CALL migrate.add_not_null('parted', 'note');
:state
UPDATE parted SET note = 'note' WHERE note IS NULL;
CALL migrate.add_not_null('parted', 'note');
SELECT relid, pg_temp.not_null(relid) FROM pg_partition_tree('parted');
SELECT pg_temp.not_null('plain'), pg_temp.not_null('empty'), pg_temp.not_null(:odd);
SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid::regclass::text !~ '^migrate\.'
    AND connamespace <> 'information_schema'::regnamespace AND contypid = 0;
CALL migrate.add_not_null('plain', 'nosuch');
:state
CALL migrate.add_not_null('plain', 'ctid');
:state
CALL migrate.add_not_null('plain', NULL);
:state
CALL migrate.add_not_null(NULL, 'a');
:state
CALL migrate.add_not_null('pg_stat_activity', 'pid');
:state
CALL migrate.add_not_null(123456789::regclass, 'a');
:state
-- where it goes on: with the constraint of an earlier call, or with one that somebody made
ALTER TABLE plain ADD CONSTRAINT plain_b_migrate_not_null CHECK (b IS NOT NULL) NOT VALID;
CALL migrate.add_not_null('plain', 'b');
SELECT * FROM pg_temp.constraints('plain');
ALTER TABLE plain ALTER b DROP NOT NULL, ADD CONSTRAINT mine CHECK (b IS NOT NULL) NOT VALID;
CALL migrate.add_not_null('plain', 'b');
SELECT * FROM pg_temp.constraints('plain');
ALTER TABLE plain ALTER b DROP NOT NULL, DROP CONSTRAINT mine, ADD CONSTRAINT plain_b_migrate_not_null CHECK (b < 100);
CALL migrate.add_not_null('plain', 'b');
SELECT * FROM pg_temp.constraints('plain');
SELECT pg_temp.not_null('plain');
-- a constraint that was there before is not taken back
ALTER TABLE plain ADD CONSTRAINT plain_c_migrate_not_null CHECK (c IS NOT NULL) NOT VALID;
CALL migrate.add_not_null('plain', 'c');
:state
SELECT * FROM pg_temp.constraints('plain');
ALTER TABLE plain DROP CONSTRAINT plain_c_migrate_not_null, DROP CONSTRAINT plain_b_migrate_not_null;

-- CHECK
CALL migrate.add_check('plain', 'a > 0');
CALL migrate.add_check('plain', 'a > 0');
CALL migrate.add_check('plain', 'a > 0 -- positive');
CALL migrate.add_check('plain', 'a + b > 0', 'sum_positive');
CALL migrate.add_check('plain', 'b + a > 0', 'sum_positive');
:state
CALL migrate.add_check('plain', 'a > 0', 'again');
SELECT * FROM pg_temp.constraints('plain');
CALL migrate.add_check('plain', 'a > 3');
:state
CALL migrate.add_check('plain', 'a > nosuch');
:state
CALL migrate.add_check('plain', 'a > ');
:state
CALL migrate.add_check('plain', 'a');
:state
CALL migrate.add_check('plain', 'true); DROP TABLE plain; --');
:state
CALL migrate.add_check('plain', 'true), ADD COLUMN evil int, ADD CHECK (true');
:state
CALL migrate.add_check('plain', 'true) NO INHERIT --');
:state
CALL migrate.add_check('plain', '');
:state
CALL migrate.add_check('plain', 'a > 0', repeat('x', 64));
:state
CALL migrate.add_check(:odd, '"Column, 1" > 0', 'a "quoted" name');
SELECT * FROM pg_temp.constraints(:odd);
CALL migrate.add_check('parted', 'id BETWEEN 1 AND 100');
UPDATE parted SET id = 200 WHERE id = 30;
CALL migrate.add_check('parted', 'id <> 17 AND id < 100', 'no_17');
:state
ALTER TABLE parted DROP CONSTRAINT parted_id_check;
UPDATE parted SET id = 200 WHERE id = 30;
CALL migrate.add_check('parted', 'id <> 17 AND id < 100', 'no_17');
:state
UPDATE parted SET id = CASE id WHEN 17 THEN 31 ELSE 30 END WHERE id IN (17, 200);
ALTER TABLE parted ADD CONSTRAINT no_17 CHECK (id <> 17 AND id < 100) NOT VALID;
ALTER TABLE parted_2 VALIDATE CONSTRAINT no_17;
CALL migrate.add_check('parted', 'id <> 17 AND id < 100');
SELECT relid, c.* FROM pg_partition_tree('parted'), pg_temp.constraints(relid) c;
-- inheritance of the old kind
CREATE TABLE old_parent (a int);
CREATE TABLE old_child () INHERITS (old_parent);
INSERT INTO old_child VALUES (-1);
CALL migrate.add_check('old_parent', 'a > 0');
:state
DELETE FROM old_child;
CALL migrate.add_check('old_parent', 'a > 0');
CALL migrate.add_not_null('old_parent', 'a');
SELECT * FROM pg_temp.constraints('old_child');

-- foreign keys
CREATE TABLE "odd schema".target (id bigint PRIMARY KEY, x int, y text, UNIQUE (x, y));
INSERT INTO "odd schema".target SELECT g, g, 'x' || g FROM generate_series(1, 20) g;
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target');
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target');
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target', options => 'ON DELETE CASCADE');
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target', constraint_name => 'plain_a_fkey', options => 'ON DELETE SET NULL');
:state
CALL migrate.add_foreign_key(:odd, '{"Column, 1",b''c\\}', '"odd schema".target', '{x,y}', 'odd "key"', 'MATCH FULL ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED');
CALL migrate.add_foreign_key(:odd, '{"Column, 1",b''c\\}', '"odd schema".target', '{x,y}', 'odd "key"', 'MATCH FULL ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED');
SELECT * FROM pg_temp.constraints('plain') UNION ALL SELECT * FROM pg_temp.constraints(:odd) ORDER BY 1;
INSERT INTO plain VALUES (11, 99, 'x'), (12, 98, 'x');
CALL migrate.add_foreign_key('plain', '{b}', '"odd schema".target');
:state
DELETE FROM plain WHERE a > 10;
CALL migrate.add_foreign_key('plain', '{b}', '"odd schema".target');
:state
UPDATE plain SET b = 5 WHERE b = 0;
ALTER TABLE plain ADD CONSTRAINT by_hand FOREIGN KEY (b) REFERENCES "odd schema".target NOT VALID;
CALL migrate.add_foreign_key('plain', '{b}', '"odd schema".target');
SELECT * FROM pg_temp.constraints('plain');
CALL migrate.add_foreign_key('plain', '{a}', 'empty');
:state
CALL migrate.add_foreign_key('plain', '{a}', 'empty', '{a}');
:state
CALL migrate.add_foreign_key('plain', '{a,b}', '"odd schema".target');
:state
CALL migrate.add_foreign_key('plain', '{}', '"odd schema".target');
:state
CALL migrate.add_foreign_key('plain', '{a,a}', '"odd schema".target', '{x,y}');
:state
CALL migrate.add_foreign_key('plain', '{c}', '"odd schema".target');
:state
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target', options => ', DROP COLUMN b');
:state
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target', options => '; DROP TABLE plain; --');
:state
CALL migrate.add_foreign_key('plain', '{a}', '"odd schema".target', options => 'ON DELETE EXPLODE');
:state
-- of a partitioned table
CREATE TABLE regions (id int PRIMARY KEY);
INSERT INTO regions VALUES (1), (2);
CALL migrate.add_foreign_key('parted', '{region}', 'regions');
:state
INSERT INTO regions VALUES (3);
ALTER TABLE parted_1 ADD CONSTRAINT parted_region_fkey FOREIGN KEY (region) REFERENCES regions NOT VALID;
CALL migrate.add_foreign_key('parted', '{region}', 'regions');
CALL migrate.add_foreign_key('parted', '{region}', 'regions');
SELECT conrelid::regclass, conname, convalidated, conparentid <> 0 AS attached FROM pg_constraint
    WHERE contype = 'f' AND conrelid IN (SELECT relid FROM pg_partition_tree('parted')) ORDER BY 1;
-- one that refers to a partitioned table
CREATE TABLE hashed (id int PRIMARY KEY) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO hashed SELECT generate_series(1, 100);
CALL migrate.add_foreign_key('plain', '{a}', 'hashed');
CALL migrate.add_foreign_key('parted', '{id}', 'hashed');
CALL migrate.add_foreign_key('plain', '{a}', 'hashed');
CALL migrate.add_foreign_key('parted', '{id}', 'hashed');
SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' AND confrelid = 'hashed'::regclass AND conparentid = 0 ORDER BY 1;
DELETE FROM hashed WHERE id = 5;
:state

-- UNIQUE and PRIMARY KEY
CALL migrate.add_unique('plain', '{a}');
CALL migrate.add_unique('plain', '{a}');
CALL migrate.add_unique('plain', '{b}');
:state
CALL migrate.add_unique('plain', '{b,c}', 'nulls', nulls_not_distinct => true);
:state
CALL migrate.add_unique('plain', '{a,b}', 'with_include', include => '{c}');
CALL migrate.add_unique('plain', '{a,b}', 'with_include', include => '{c}');
CALL migrate.add_unique('plain', '{b,a}', 'with_include');
:state
CALL migrate.add_unique('plain', '{b,a}', 'regions');
:state
CALL migrate.add_unique(:odd, '{"Column, 1",b''c\\}', 'odd "unique"');
\set VERBOSITY terse
CREATE UNIQUE INDEX CONCURRENTLY plain_b_key ON plain (b);
\set VERBOSITY default
UPDATE plain SET b = a;
CALL migrate.add_unique('plain', '{b}');
CREATE UNIQUE INDEX by_hand_idx ON plain (a, c);
CALL migrate.add_unique('plain', '{a,c}', 'by_hand_idx');
CALL migrate.add_unique('plain', '{nosuch}');
:state
CALL migrate.add_unique('plain', '{}');
:state
CALL migrate.add_primary_key('plain', '{c}');
:state
ALTER TABLE plain ALTER a DROP NOT NULL;
CALL migrate.add_primary_key('plain', '{a}');
CALL migrate.add_primary_key('plain', '{a}');
CALL migrate.add_primary_key('plain', '{b}');
:state
CALL migrate.add_primary_key('empty', '{b,a}', 'empty "key"');
SELECT * FROM pg_temp.constraints('plain');
SELECT * FROM pg_temp.constraints('empty');
CALL migrate.add_unique('parted', '{id}');
:state
INSERT INTO parted VALUES (4, 2, 'twice');
CALL migrate.add_primary_key('parted', '{id,region}');
:state
DELETE FROM parted WHERE note = 'twice';
CREATE UNIQUE INDEX parted_1_pkey ON parted_1 (id, region);
CALL migrate.add_primary_key('parted', '{id,region}');
CALL migrate.add_primary_key('parted', '{id,region}');
CALL migrate.add_unique('parted', '{region,note}', 'region_note');
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), conparentid <> 0 AS attached FROM pg_constraint
    WHERE contype IN ('p', 'u') AND conrelid IN (SELECT relid FROM pg_partition_tree('parted')) ORDER BY 1, 2;

-- indexes
CALL migrate.create_index('plain', '(c, lower(c) DESC, (a + b)) INCLUDE (b) WHERE a > 0');
CALL migrate.create_index('plain', '(c, lower(c) DESC, (a + b)) INCLUDE (b) WHERE a > 0');
CALL migrate.create_index('plain', 'USING hash (c)', 'by_hash');
CALL migrate.create_index('plain', 'USING hash (c)', 'by_hash');
CALL migrate.create_index('plain', '(c)', 'by_hash');
:state
CALL migrate.create_index('plain', '(c DESC)', 'ordered');
CALL migrate.create_index('plain', '(c DESC NULLS FIRST)', 'ordered');
CALL migrate.create_index('plain', '(c DESC NULLS LAST)', 'ordered');
:state
CALL migrate.create_index('plain', '(c COLLATE "C" text_pattern_ops)', 'collated');
CALL migrate.create_index('plain', '(c COLLATE "C" text_pattern_ops)', 'collated');
CALL migrate.create_index('plain', '(c COLLATE "C")', 'collated');
:state
CALL migrate.create_index('plain', '(c)', 'regions');
:state
CALL migrate.create_index('plain', '(left(c, 0)) WHERE c IS NOT NULL', is_unique => true);
:state
CALL migrate.create_index('plain', '(nosuch)');
:state
CALL migrate.create_index('plain', '(a); DROP TABLE plain');
:state
CALL migrate.create_index('plain', '(a');
:state
CALL migrate.create_index('plain', '');
:state
CALL migrate.create_index('regions_pkey', '(id)');
:state
CALL migrate.create_index(:odd, '("Column, 1", upper("b''c\"))', 'odd "index"');
-- an unfinished one is built again
\set VERBOSITY terse
CREATE UNIQUE INDEX CONCURRENTLY left_over ON plain ((a / 2));
\set VERBOSITY default
DELETE FROM plain WHERE a % 2 = 1;
CALL migrate.create_index('plain', '((a / 2))', 'left_over', true);
CREATE UNIQUE INDEX CONCURRENTLY left_over_2 ON plain ((1));
CALL migrate.create_index('plain', '((a / 2))', 'left_over_2', true);
:state
DROP INDEX left_over_2;
SELECT * FROM pg_temp.indexes('plain');
-- of a partitioned table; an equal index of a leaf is attached
CREATE INDEX leaf_by_hand ON parted_2 (note);
CREATE INDEX leaf_other ON parted_1 (note DESC);
CALL migrate.create_index('parted', '(note)');
CALL migrate.create_index('parted', '(note)');
CREATE INDEX halfway ON ONLY parted (id, note);
CREATE INDEX halfway_3a ON parted_3a (id, note);
CALL migrate.create_index('parted', '(id, note)', 'halfway');
CALL migrate.create_index('parted', '(id, note)', 'halfway');
CALL migrate.create_index('parted', '(id)', 'halfway');
:state
CALL migrate.create_index('parted', '(note)', is_unique => true);
:state
SELECT * FROM pg_temp.indexes('parted');
CREATE TABLE no_partitions (a int) PARTITION BY LIST (a);
CALL migrate.create_index('no_partitions', '(a)');
CALL migrate.add_unique('no_partitions', '{a}');
CALL migrate.add_not_null('no_partitions', 'a');
SELECT * FROM pg_temp.indexes('no_partitions');

-- reindex, drop_index
CALL migrate.reindex('plain');
CALL migrate.reindex('by_hash');
CALL migrate.reindex('parted');
CALL migrate.reindex('halfway');
CREATE VIEW no_table AS SELECT 1;
CALL migrate.reindex('no_table');
:state
-- a copy that an interrupted one has left
ALTER INDEX collated RENAME TO ordered_ccnew;
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ordered_ccnew'::regclass;
CALL migrate.reindex('ordered');
SELECT to_regclass('ordered_ccnew');
CALL migrate.drop_index('ordered');
CALL migrate.drop_index('ordered');
CALL migrate.drop_index('by_hash'::regclass);
CALL migrate.drop_index('plain_pkey');
:state
CALL migrate.drop_index('plain');
:state
CALL migrate.drop_index('halfway');
CALL migrate.drop_index('"odd schema"."odd ""index"""');
SELECT * FROM pg_temp.indexes('parted') WHERE definition ~ 'halfway';

-- where they cannot run
BEGIN;
CALL migrate.add_not_null('plain', 'c');
:state
ROLLBACK;
CREATE FUNCTION inside() RETURNS void LANGUAGE plpgsql AS $$BEGIN CALL migrate.create_index('plain', '(a)'); END$$;
SELECT inside();
:state
DO $$BEGIN CALL migrate.create_index('plain', '(a)'); END$$;
:state
CREATE PROCEDURE around() LANGUAGE plpgsql AS $$BEGIN COMMIT; CALL migrate.create_index('plain', '(a)'); END$$;
CALL around();
:state
-- for whom
CREATE ROLE regress_safe_other;
GRANT USAGE ON SCHEMA "odd schema" TO regress_safe_other;
SET ROLE regress_safe_other;
CALL migrate.add_not_null('plain', 'c');
:state
RESET ROLE;
\set ECHO none
SELECT format('GRANT EXECUTE ON PROCEDURE %s TO regress_safe_other', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'migrate'::regnamespace AND prokind = 'p' \gexec
\set ECHO all
CREATE TABLE hers (a int);
INSERT INTO hers VALUES (1);
ALTER TABLE hers OWNER TO regress_safe_other;
SET ROLE regress_safe_other;
CALL migrate.add_not_null('plain', 'c');
:state
CALL migrate.add_check('plain', 'true');
:state
CALL migrate.add_unique('plain', '{c}');
:state
CALL migrate.create_index('plain', '(c)');
:state
CALL migrate.reindex('left_over');
:state
CALL migrate.drop_index('left_over');
:state
CALL migrate.add_foreign_key('plain', '{c}', 'regions');
:state
CALL migrate.add_foreign_key('hers', '{a}', 'regions');
:state
CALL migrate.add_not_null('hers', 'a');
RESET ROLE;
GRANT REFERENCES ON regions TO regress_safe_other;
SET ROLE regress_safe_other;
CALL migrate.add_foreign_key('hers', '{a}', 'regions');
RESET ROLE;
SELECT * FROM pg_temp.constraints('hers');
-- where she cannot look beforehand, the scan of PostgreSQL finds it, and nothing is left
ALTER TABLE hers ADD b int;
INSERT INTO hers VALUES (2, NULL), (1, 5), (1, 5);
REVOKE SELECT ON hers FROM regress_safe_other;
GRANT CREATE ON SCHEMA public TO regress_safe_other;
SET ROLE regress_safe_other;
CALL migrate.add_not_null('hers', 'b');
:state
CALL migrate.add_check('hers', 'a < 2');
:state
CALL migrate.add_foreign_key('hers', '{b}', 'regions');
:state
CALL migrate.add_unique('hers', '{b}');
:state
CALL migrate.create_index('hers', '(a)', is_unique => true);
:state
ALTER TABLE hers ADD CONSTRAINT kept CHECK (a < 2) NOT VALID;
CALL migrate.add_check('hers', 'a < 2');
:state
RESET ROLE;
SELECT * FROM pg_temp.constraints('hers');
SELECT * FROM pg_temp.indexes('hers');

-- as statements of a script
SELECT status FROM migrate.load('0001_safe.sql', $$-- migrate:up
CREATE TABLE scripted (a int, b int);
INSERT INTO scripted SELECT g, g FROM generate_series(1, 10) g;
CALL migrate.add_not_null('scripted', 'a');
CALL migrate.add_primary_key('scripted', '{a}');
CALL migrate.create_index('scripted', '(b)');
CALL migrate.add_check('scripted', 'b > 0');
CALL migrate.add_foreign_key('scripted', '{b}', 'scripted');
CALL migrate.drop_index('scripted_b_idx');
CALL migrate.create_index('scripted', '(b DESC)', is_unique => true);
CALL migrate.reindex('scripted');
-- migrate:down
DROP TABLE scripted;
$$);
SELECT revision, direction, status FROM migrate.upgrade();
SELECT * FROM pg_temp.constraints('scripted');
SELECT * FROM pg_temp.indexes('scripted');
SELECT status FROM migrate.load('0002_fails.sql', $$-- migrate:up
INSERT INTO scripted VALUES (11, 11);
CALL migrate.add_check('scripted', 'b < 11');
$$);
SELECT revision FROM migrate.upgrade();
:state
UPDATE scripted SET b = 1 WHERE a = 1;
DELETE FROM scripted WHERE a = 11;
SELECT revision FROM migrate.upgrade();
SELECT * FROM pg_temp.constraints('scripted');

SELECT command, target, host, status, sqlstate FROM migrate.runs WHERE command NOT IN ('upgrade') AND run <= 5 ORDER BY run;
SELECT count(*) FROM pg_index WHERE NOT indisvalid;
DROP OWNED BY regress_safe_other;
DROP ROLE regress_safe_other;
\c postgres
DROP DATABASE regress_safe;
