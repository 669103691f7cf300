-- Who may do what, and what is tried against it.
CREATE DATABASE regress_security;
\c regress_security
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
-- A schema that somebody has prepared is not taken over.
CREATE SCHEMA migrate;
CREATE FUNCTION migrate.trap(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
\set SHOW_CONTEXT never
CREATE EXTENSION migrate;
\set SHOW_CONTEXT errors
:state
DROP SCHEMA migrate CASCADE;
CREATE EXTENSION migrate;
CREATE ROLE regress_migrate_stranger LOGIN;
CREATE ROLE regress_migrate_dev LOGIN;
CREATE ROLE regress_migrate_dba SUPERUSER LOGIN;
GRANT CREATE ON SCHEMA public TO regress_migrate_dev;

-- Everybody may read, nobody may write.
SELECT migrate.revision('One', 'CREATE TABLE one (secret int CHECK (secret > 0))', 'DROP TABLE one', revision_id => 'one1');
\c - regress_migrate_stranger
SELECT revision FROM migrate.history();
SELECT revision FROM migrate.heads();
SELECT revision FROM migrate.pending();
SELECT migrate.script('one1') <> '' AS readable;
SELECT count(*) FROM migrate.plan('upgrade', 'head');
SELECT * FROM migrate.validate();
SELECT id, loaded_by FROM migrate.revision;
SELECT migrate.upgrade();
:state
SELECT migrate.downgrade('base');
SELECT migrate.load('{}');
SELECT migrate.load('a', 'b');
SELECT migrate.load_dir('/');
SELECT migrate.revision('x', 'y');
SELECT migrate.merge('x');
SELECT migrate.edit('one1', 'x');
SELECT migrate.remove('one1');
SELECT migrate.stamp('{one1}');
SELECT migrate.resolve('one1', 'undo');
CALL migrate.upgrade_online();
CALL migrate.downgrade_online('base');
SELECT settings FROM migrate.run;
INSERT INTO migrate.applied VALUES ('one1', now(), 'me', 'stamp', NULL, '');
UPDATE migrate.revision_script SET script = '';
DELETE FROM migrate.revision;
TRUNCATE migrate.run;
CREATE TABLE migrate.mine ();
CREATE TRIGGER t BEFORE INSERT ON migrate.applied FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
SET migrate.trust_loaders = 'regress_migrate_stranger';
:state
\c - postgres

-- A role that may load and upgrade writes through the functions and in no other way.
GRANT EXECUTE ON FUNCTION migrate.load(text, text), migrate.load_dir, migrate.upgrade, migrate.downgrade TO regress_migrate_dev;
\c - regress_migrate_dev
SELECT * FROM migrate.load('two2.sql', $$-- migrate:revises one1
-- migrate:up
CREATE TABLE two AS SELECT current_user AS who;
-- migrate:down
DROP TABLE two;
$$);
SELECT migrate.load_dir('/');
:state
INSERT INTO migrate.applied VALUES ('two2', now(), 'me', 'stamp', NULL, '');
:state
\c - postgres

-- A superuser does not run it, not as another role either, until she has read it.
SELECT revision FROM migrate.upgrade();
:state
CALL migrate.upgrade_online();
:state
SET ROLE regress_migrate_dev;
SELECT revision FROM migrate.upgrade();
:state
RESET ROLE;
SET migrate.trust_loaders = 'nobody, regress_migrate_dev';
BEGIN;
SELECT revision FROM migrate.upgrade();
ROLLBACK;
RESET migrate.trust_loaders;
SELECT * FROM migrate.load('two2.sql', migrate.script('two2'));
SELECT id, loaded_by FROM migrate.revision ORDER BY id;
BEGIN;
SELECT revision FROM migrate.upgrade();
SELECT * FROM two;
ROLLBACK;
-- The scripts of superusers are run by each other and by anybody.
\c - regress_migrate_dba
BEGIN;
SELECT revision FROM migrate.upgrade();
ROLLBACK;
\c - regress_migrate_dev
SELECT revision FROM migrate.upgrade();
SELECT * FROM two;
SELECT requested_by, role, status FROM migrate.runs WHERE run = (SELECT max(run) FROM migrate.runs);

-- Functions and operators in front of PostgreSQL's own are not ours to call.
\c - postgres
CREATE FUNCTION public.trap_text(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE SCHEMA trap;
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.trap_text);
CREATE FUNCTION trap.now() RETURNS timestamptz LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE TABLE trap.applied (revision text);
CREATE TABLE trap.state (name text);
SET search_path = trap, pg_catalog;
SELECT migrate.stamp('{one1}');
SELECT revision FROM migrate.plan('upgrade', 'head');
SELECT migrate.stamp('{two2}');
SELECT revision FROM migrate.current();
SELECT count(*) FROM migrate.runs;
SELECT * FROM migrate.validate();
RESET search_path;
DROP SCHEMA trap CASCADE;

-- Errors may hold data: they are for who ran it, and for the owner.
SELECT status FROM migrate.load('three3.sql', $$-- migrate:revises two2
-- migrate:up
INSERT INTO one VALUES (-4711);
$$);
SELECT revision FROM migrate.upgrade();
SELECT status, sqlstate, message, detail FROM migrate.runs WHERE status = 'failed' ORDER BY run DESC LIMIT 1;
\c - regress_migrate_stranger
SELECT status, sqlstate, message, detail, hint, context FROM migrate.runs WHERE status = 'failed' ORDER BY run DESC LIMIT 1;
\c - postgres
SELECT migrate.remove('three3');

-- The owner of the extension need not be a superuser, and her triggers, rules and policies do not run.
DROP SCHEMA migrate CASCADE;
DROP TABLE one, two;
CREATE ROLE regress_migrate_owner LOGIN;
GRANT CREATE ON DATABASE regress_security TO regress_migrate_owner;
GRANT CREATE ON SCHEMA public TO regress_migrate_owner;
\c - regress_migrate_owner
CREATE SCHEMA migrate;
CREATE EXTENSION migrate;
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON migrate.applied FOR EACH ROW EXECUTE FUNCTION trap();
CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON migrate.run FOR EACH ROW EXECUTE FUNCTION trap();
ALTER TABLE migrate.applied ENABLE ALWAYS TRIGGER trap;
CREATE RULE trap AS ON INSERT TO migrate.revision DO INSTEAD NOTHING;
ALTER TABLE migrate.revision ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT migrate.revision('One', 'CREATE TABLE mine ()', 'DROP TABLE mine', revision_id => 'one1');
SELECT revision FROM migrate.upgrade();
SELECT revision FROM migrate.current();
CALL migrate.downgrade_online('base');
\c - postgres
SELECT revision FROM migrate.upgrade();
-- Nor do functions in an index on her tables, and other changes to them are refused.
\c - regress_migrate_owner
CREATE FUNCTION trap(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE INDEX trap ON migrate.applied (trap(revision));
SELECT revision FROM migrate.upgrade();
:state
DROP INDEX migrate.trap;
CREATE INDEX trap ON migrate.applied (revision) WHERE trap(revision) = 'x';
SELECT revision FROM migrate.upgrade();
:state
DROP INDEX migrate.trap;
ALTER TABLE migrate.applied ADD COLUMN more text;
SELECT revision FROM migrate.upgrade();
:state
ALTER TABLE migrate.applied DROP COLUMN more;
SELECT revision FROM migrate.upgrade();
:state
SELECT revision FROM migrate.current();
:state
\c - postgres
DROP SCHEMA migrate CASCADE;
DROP FUNCTION trap(text);
CREATE EXTENSION migrate;

-- Inside of the script of another extension nothing runs.
CREATE FUNCTION inside() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_tag = 'CREATE FUNCTION' THEN PERFORM migrate.upgrade(); END IF;
END $$;
CREATE EVENT TRIGGER inside ON ddl_command_end EXECUTE FUNCTION inside();
SELECT migrate.revision('One', 'CREATE TABLE one (id int)', 'DROP TABLE one', revision_id => 'one1');
\set SHOW_CONTEXT never
CREATE EXTENSION pgtap;
\set SHOW_CONTEXT errors
:state
DROP EVENT TRIGGER inside;

-- NULL for every argument.
CREATE FUNCTION nulls() RETURNS TABLE (call text, state text, message text) LANGUAGE plpgsql AS $$
DECLARE
    f record;
    i int;
BEGIN
    FOR f IN SELECT p.oid, p.proname, p.prokind, p.pronargs, p.proargtypes FROM pg_proc p
              WHERE pronamespace = 'migrate'::regnamespace ORDER BY proname COLLATE "C", pronargs, proargtypes::regtype[]::text LOOP
        FOR i IN 1..f.pronargs LOOP
            call := format('%s migrate.%s(%s)', CASE f.prokind WHEN 'p' THEN 'CALL' ELSE 'SELECT' END, f.proname,
                (SELECT string_agg(CASE WHEN n = i THEN 'NULL::' || t::regtype
                                        WHEN t = 'boolean'::regtype THEN 'false'
                                        WHEN t IN ('text[]'::regtype, 'jsonb'::regtype) THEN '''{}'''
                                        WHEN t = 'integer'::regtype THEN '1'
                                        WHEN t = 'regclass'::regtype THEN '''pg_class'''
                                        WHEN t = 'tid'::regtype THEN '''(0,1)'''
                                        WHEN t = 'interval'::regtype THEN '''1 s'''
                                        WHEN f.proname IN ('plan') THEN '''upgrade'''
                                        ELSE '''x' || n || '''' END, ', ' ORDER BY n)
                   FROM unnest(f.proargtypes::oid[]) WITH ORDINALITY u(t, n)));
            state := '00000'; message := '';
            BEGIN
                EXECUTE call;
                RAISE EXCEPTION USING ERRCODE = 'XX999';
            EXCEPTION WHEN OTHERS THEN
                IF SQLSTATE <> 'XX999' THEN state := SQLSTATE; message := SQLERRM; END IF;
            END;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;
SELECT * FROM nulls();
SELECT migrate.stamp(ARRAY[NULL]);
:state
SELECT migrate.stamp('{{a,b},{c,d}}');
:state
SELECT migrate.merge('x', '{}');
:state

-- Odd and large values.
SELECT migrate.revision('A ''"$$;\', 'SELECT 1', '', revision_id => 'q''"$$;\');
SELECT revision, status FROM migrate.upgrade('q''"$$;\');
SELECT revision FROM migrate.downgrade('one1');
SELECT migrate.remove('q''"$$;\');
SELECT migrate.revision('x', 'SELECT 1', revision_id => E'a\nb');
:state
SELECT migrate.load(E'a\nb.sql', E'-- migrate:revision ab\n-- migrate:up\n');
SELECT migrate.load('a', repeat(E'x\n', 500000));
:state
SELECT count(*) FROM migrate.load((SELECT jsonb_object_agg('p' || i || '.sql', E'-- migrate:revises base\n-- migrate:up\n') FROM generate_series(1, 10000) i));
SELECT length(migrate.merge('All of them', ARRAY(SELECT 'p' || i FROM generate_series(1, 10000) i), 'all_of_them'));
SELECT array_length(parents, 1) FROM migrate.show('all_of_them');
SELECT count(*) FROM migrate.upgrade('all_of_them');
SELECT revision FROM migrate.current();
SELECT status FROM migrate.load((SELECT jsonb_object_agg(path, script) FROM migrate.export())) WHERE status <> 'unchanged';
SELECT count(*) FROM migrate.downgrade('base');
SELECT revision FROM migrate.upgrade('one1');
-- 60 MB in one statement, and too much.
SELECT migrate.load('large.sql', E'-- migrate:revises one1\n-- migrate:up\nSELECT length(''' || repeat('0123456789', 6000000) || E''');\n');
SELECT length(migrate.script('large'));
SELECT revision FROM migrate.upgrade('large');
SELECT migrate.load('larger.sql', E'-- migrate:revises one1\n-- migrate:up\n--' || repeat('0123456789', 11000000));
:state

DROP OWNED BY regress_migrate_stranger, regress_migrate_dev, regress_migrate_dba, regress_migrate_owner;
DROP ROLE regress_migrate_stranger, regress_migrate_dev, regress_migrate_dba, regress_migrate_owner;
\c postgres
DROP DATABASE regress_security;
