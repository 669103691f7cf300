-- What a script may be, and what is refused when it is loaded: with its line, a cursor and a hint.
CREATE DATABASE regress_script_format;
\c regress_script_format
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
-- Near misses, one a file: shows each refusal. Nothing is ever stored.
CREATE FUNCTION refused(script text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM migrate.load('0001_test.sql', script);
    RAISE EXCEPTION 'nothing was refused' USING ERRCODE = 'P0004';
END $$;
CREATE FUNCTION accepted(script text, OUT up int, OUT down int, OUT transactional boolean)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM migrate.load('0001_test.sql', script);
    SELECT up_statements, down_statements, up_transactional FROM migrate.revision
      INTO up, down, transactional;
    PERFORM migrate.remove('0001');
END $$;
\set SHOW_CONTEXT never

-- Where statements end is the server's own parser's business.
SELECT * FROM accepted($script$-- migrate:up
SELECT ';', $$;
-- migrate:down
$$, $a$ ; $$ ; $a$, E'\';', ';''', U&'\003b', "column;name", '-- migrate:down
' FROM (VALUES (1)) AS x("column;name");
/* ; /* nested ; */ -- migrate:down
-- migrate:nonsense
*/
CREATE FUNCTION f() RETURNS int LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;
    SELECT CASE WHEN true THEN 2; END;
END;
;;
$script$);
SELECT * FROM accepted($script$-- migrate:up
SELECT ';', $$;
-- migrate:down
$$, $a$ ; $$ ; $a$, E'\';', ';''', U&'\003b', "column;name", '-- migrate:down
' FROM (VALUES (1)) AS x("column;name");
/* ; /* nested ; */ -- migrate:down
-- migrate:nonsense
*/
CREATE FUNCTION f() RETURNS int LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;
    SELECT CASE WHEN true THEN 2 END;
END;
;;
CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM u; INSERT INTO v VALUES (1););
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    NEW.x := 'it''s; -- migrate:up';
    RETURN NEW;
END;
$f$;
-- the last one without a semicolon
SELECT 1 -- ; and a comment
-- migrate:down
SELECT 1;; SELECT 2
/* the end */
$script$);
-- Bodies in every language are text, whether the language is there or not.
SELECT * FROM accepted($script$-- migrate:up
CREATE FUNCTION p() RETURNS int LANGUAGE plpython3u AS $f$
# -- migrate:down
x = "a;b"
$f$;
CREATE FUNCTION q() RETURNS int LANGUAGE plperl AS 'my $x = q{;}; # '' -- migrate:up
';
CREATE FUNCTION r() RETURNS int LANGUAGE c AS '$libdir/x', 'y';
CREATE PROCEDURE s() LANGUAGE plpgsql AS $f$ BEGIN COMMIT; END $f$;
DO LANGUAGE plpgsql $f$ BEGIN ROLLBACK; END $f$;
$script$);
-- Strings mean the same in every session.
SET standard_conforming_strings = off;
SET escape_string_warning = on;
SET backslash_quote = off;
SELECT * FROM accepted(replace($script$-- migrate:up
SELECT '#', ';'; SELECT E'#';'; SELECT 2;
$script$, '#', chr(92)));
SELECT status FROM migrate.load('0001_paths.sql', replace($script$-- migrate:up
CREATE TABLE paths AS SELECT 'C:#new;' AS path;
-- migrate:down
DROP TABLE paths;
$script$, '#', chr(92)));
SELECT revision FROM migrate.upgrade();
SELECT * FROM paths;
SELECT revision FROM migrate.downgrade('base');
SELECT migrate.remove('0001');
RESET ALL;

-- Which statements are transactional, from their parse trees.
SELECT s AS statement, transactional
  FROM unnest(ARRAY['CREATE INDEX ON t (x)', 'CREATE INDEX CONCURRENTLY ON t (x)',
    'DROP INDEX i', 'DROP INDEX CONCURRENTLY i', 'REINDEX TABLE t', 'REINDEX TABLE CONCURRENTLY t',
    'REINDEX (CONCURRENTLY, VERBOSE) INDEX i', 'REINDEX (CONCURRENTLY off) INDEX i',
    'REINDEX SCHEMA s', 'REINDEX DATABASE d', 'VACUUM', 'VACUUM t', 'ANALYZE t', 'CLUSTER', 'CLUSTER t',
    'ALTER SYSTEM SET work_mem = 1', 'CREATE DATABASE d', 'DROP DATABASE d', 'ALTER DATABASE d SET work_mem = 1',
    'ALTER DATABASE d SET TABLESPACE t', 'CREATE TABLESPACE t LOCATION ''/''', 'DROP TABLESPACE t',
    'ALTER TABLE t DETACH PARTITION p', 'ALTER TABLE t DETACH PARTITION p CONCURRENTLY',
    'ALTER TABLE t DETACH PARTITION p FINALIZE', 'CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p',
    'CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p WITH (connect = false)',
    'CREATE SUBSCRIPTION s CONNECTION '''' PUBLICATION p WITH (create_slot = false)',
    'ALTER SUBSCRIPTION s REFRESH PUBLICATION', 'ALTER SUBSCRIPTION s ADD PUBLICATION p',
    'ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)', 'ALTER SUBSCRIPTION s DISABLE',
    'DROP SUBSCRIPTION s', 'CALL p()', 'DO ''''']) WITH ORDINALITY u(s, n),
       LATERAL accepted(E'-- migrate:up\n' || s) ORDER BY n;
-- ... or by hand.
SELECT * FROM accepted(E'-- migrate:up transaction:false\nSELECT 1;');
SELECT * FROM accepted(E'-- migrate:up transaction:true\nSELECT 1;');
SELECT * FROM accepted(E'-- migrate:up\nSELECT 1;\n-- migrate:no-transaction\nCALL p();\nSELECT 2;');

-- Near misses.
SELECT refused('');
SELECT refused(E'SELECT 1;\n');
SELECT refused(E'-- migrate: up\nSELECT 1;');
SELECT refused(E'-- a comment\n\n--migrate:Up\nSELECT 1;');
SELECT refused(E'-- Migrate:up\nSELECT 1;');
SELECT refused(E'-- migrate :up\nSELECT 1;');
SELECT refused(E'-- migrate:\nSELECT 1;');
SELECT refused(E'-- migrate:ups\nSELECT 1;');
SELECT refused(E'-- migrate:up transaction:maybe\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:verify transaction:false\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:down transaction: false\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:up\nSELECT 1;');
SELECT refused(E'-- migrate:down\nSELECT 1;\n-- migrate:up\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:message late\nSELECT 1;');
SELECT refused(E'SELECT 0;\n-- migrate:up\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1; -- migrate:down\nSELECT 1;');
SELECT refused(E'-- migrate:revision\n-- migrate:up\n');
SELECT refused(E'-- migrate:revision a\n-- migrate:revision b\n-- migrate:up\n');
SELECT refused(E'-- migrate:revision a b\n-- migrate:up\n');
SELECT refused(E'-- migrate:revises a-b\n-- migrate:up\n');
SELECT refused(E'-- migrate:revises ,\n-- migrate:up\n');
SELECT refused(E'-- migrate:revises base, other\n-- migrate:up\n');
SELECT refused(E'-- migrate:label head\n-- migrate:up\n');
SELECT refused(E'-- migrate:no-transaction\n-- migrate:up\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:no-transaction\n');
SELECT refused(E'-- migrate:up\nSELECT\n-- migrate:no-transaction\n1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:no-transaction\n-- migrate:down\nSELECT 1;');
SELECT refused(E'-- migrate:up\n-- migrate:no-transaction now\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:verify\n-- migrate:no-transaction\nSELECT 1;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:verify\nVACUUM;');

-- Statements that cannot run in a script.
SELECT refused(E'-- migrate:up\nBEGIN;\nSELECT 1;\nCOMMIT;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n\n  COMMIT;');
SELECT refused(E'-- migrate:up\nSAVEPOINT a;');
SELECT refused(E'-- migrate:up\nSELECT 1;\n-- migrate:down\nROLLBACK;');
SELECT refused(E'-- migrate:up\nPREPARE TRANSACTION ''x'';');
SELECT refused(E'-- migrate:up\nCOPY t FROM STDIN;\n1\tone\n2\ttwo\n\\.\nSELECT 1;\n');
SELECT refused(E'-- migrate:up\nSELECT 1;\nCOPY t (a, b) FROM STDIN WITH (FORMAT csv);\n1,one\n\\.\n');
SELECT refused(E'-- migrate:up\nCOPY t FROM STDIN;\n');
SELECT refused(E'-- migrate:up\nCOPY t TO STDOUT;\n');
SELECT * FROM accepted(E'-- migrate:up\nCOPY t FROM ''/file'';\nCOPY t TO PROGRAM ''cat'';');
SELECT refused(E'-- migrate:up\nSELECT 1;\n\\set x 1\nSELECT 2;');
SELECT refused(E'-- migrate:up\nSELECT 1 \\gexec\n');
SELECT refused(E'-- migrate:up\nDISCARD ALL;');
SELECT * FROM accepted(E'-- migrate:up\nDISCARD PLANS;');

-- The cursor is at the right character, whatever comes before it.
SELECT refused(E'-- migrate:message Größe – 大きさ\n-- migrate:up\nSELECT ''ä'' AS "größe",\n       ''大きさ'', FROM x;');
SELECT refused(E'-- migrate:up\nSELECT ''ä'';\n-- migrate:down\nSELECT ''大きさ'', ''x'' ''y'';');
SELECT refused(E'-- migrate:up\n\tSELECT 1,\n\t\tFROM x;');
-- What never ends.
SELECT refused(E'-- migrate:up\nSELECT 1;\nSELECT ''abc;\nSELECT 2;\n');
SELECT refused(E'-- migrate:up\nSELECT $$abc;\n');
SELECT refused(E'-- migrate:up\nSELECT 1; /* abc\n');
SELECT refused(E'-- migrate:up\nSELECT 1;\nSELECT (2\n-- migrate:down\nSELECT 3;\n');
SELECT refused(E'-- migrate:up\nSELECT 1;\nSELECT 2,\n');
SELECT refused(E'-- migrate:up\nCREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n-- migrate:down\nSELECT 1; END;\n');
-- Empty sections are fine, and so is one with comments only.
SELECT * FROM accepted(E'-- migrate:up\n-- migrate:down\n');
SELECT * FROM accepted(E'-- migrate:up\n\n  -- nothing yet\n  ;\n-- migrate:verify\n-- migrate:down\n');
SELECT * FROM accepted(E'-- migrate:up');
-- A comment that merely speaks of it is a comment.
SELECT * FROM accepted(E'-- migrate this later\n-- migrates: x\n/* migrate: up */\n-- migrate:up\nSELECT 1; -- see migrate:down\n');
-- A carriage return alone ends a comment for the server, and so it does here.
SELECT refused(E'-- migrate:message x\rSELECT 1;\n-- migrate:up\n');
SELECT * FROM accepted(E'-- a\r-- migrate:up\rSELECT 1;\r-- migrate:down\rSELECT 2;\r');

\c postgres
DROP DATABASE regress_script_format;
