-- Loading trees of script files.
CREATE DATABASE regress_load;
\c regress_load
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'

-- Any order; names give what the headers leave out.
SELECT * FROM migrate.load(jsonb_build_object(
    '0003_third_thing.sql', E'-- migrate:up\nSELECT 3;\n',
    'b/0002_second.sql', E'-- migrate:up\nSELECT 2;\n',
    'a/0001_first.sql', E'-- migrate:up\nSELECT 1;\n'));
-- The whole path is what orders the files.
SELECT revision, parents, message FROM migrate.history();
SELECT migrate.remove(r) FROM unnest('{0002,0001,0003}'::text[]) r;
SELECT * FROM migrate.load('{
    "0003_third_thing.sql": "-- migrate:up\nSELECT 3;\n",
    "0002-second.sql": "-- migrate:up\nSELECT 2;\n",
    "0001.sql": "-- migrate:up\nSELECT 1;\n",
    "without_number.sql": "-- migrate:up\nSELECT 4;\n"}');
SELECT revision, parents, message, path FROM migrate.history() h, migrate.show(h.revision) s(id, m, p, d, l, c, ih, ib, im, aa, ab, path);

-- Again: nothing to do. A byte order mark, carriage returns and the last line break make no difference.
SELECT * FROM migrate.load('{
    "0001.sql": "\ufeff-- migrate:up\r\nSELECT 1;",
    "0002-second.sql": "-- migrate:up\r\nSELECT 2;\r\n"}');
SELECT migrate.script('0001') = E'-- migrate:up\nSELECT 1;\n' AS equal_to_the_letter;
-- Changed while it is not applied.
SELECT * FROM migrate.load('0002-second.sql', E'-- migrate:up\nSELECT 22;\n');
SELECT migrate.script('0002');
-- One file goes between two others: the one after it follows it.
SELECT * FROM migrate.load('0002.5_between.sql', E'-- migrate:revision between\n-- migrate:up\n');
SELECT revision, parents FROM migrate.history();
-- A new name for a file that says its revision.
SELECT * FROM migrate.load('0002.7_renamed.sql', E'-- migrate:revision between\n-- migrate:up\n');
SELECT path FROM migrate.show('between');
SELECT migrate.remove('without_number');

-- dbmate's files are ours.
SELECT * FROM migrate.load('20240101120000_create_notes.sql', $$-- migrate:up
create table notes (id int);

-- migrate:down
drop table notes;
$$);
SELECT * FROM migrate.load('20240102120000_index_notes.sql', $$-- migrate:up transaction:false
create index concurrently on notes (id);

-- migrate:down transaction:false
drop index concurrently notes_id_idx;
$$);
SELECT revision, parents, message FROM migrate.history('0003:heads');
SELECT revision, transactional FROM migrate.pending() WHERE NOT transactional;

-- All or nothing, and every problem at once.
SELECT * FROM migrate.load(jsonb_build_object(
    '0004_good.sql', E'-- migrate:up\nSELECT 4;\n',
    '0005_bad.sql', E'-- migrate:up\nSELECT 5;\nSELEC 6;\n',
    '0006_bad.sql', E'SELECT 5;\n',
    '0007_bad.sql', E'-- migrate:up\n-- migrate:upp\n'));
:state
SELECT migrate.script('0004');
:state
SELECT * FROM migrate.load((SELECT jsonb_object_agg(format('%s.sql', i), 'bad') FROM generate_series(1000, 1020) i));
:state

-- What the graph does not allow.
SELECT * FROM migrate.load('0010.sql', E'-- migrate:revises nosuch\n-- migrate:up\n');
:state
SELECT * FROM migrate.load('0010.sql', E'-- migrate:depends nosuch\n-- migrate:up\n');
:state
SELECT * FROM migrate.load('{"0010.sql": "-- migrate:revises 0011\n-- migrate:up\n",
                             "0011.sql": "-- migrate:revises 0010\n-- migrate:up\n"}');
:state
SELECT * FROM migrate.load('0010.sql', E'-- migrate:revises 0010\n-- migrate:up\n');
:state
SELECT * FROM migrate.load('{"0010.sql": "-- migrate:depends 0011\n-- migrate:up\n", "0011.sql": "-- migrate:up\n"}');
:state
SELECT * FROM migrate.load('{"0010.sql": "-- migrate:label x\n-- migrate:up\n", "0011.sql": "-- migrate:label x\n-- migrate:up\n"}');
:state
SELECT * FROM migrate.load('{"0010_a.sql": "-- migrate:up\n", "0010_b.sql": "-- migrate:up\n"}');
:state
SELECT * FROM migrate.load('{"0010.sql": "-- migrate:revision 0003\n-- migrate:up\n", "0003_third_thing.sql": "-- migrate:up\nSELECT 3;\n"}');
:state
SELECT * FROM migrate.load('0003_third_thing.sql', E'-- migrate:revision other\n-- migrate:up\n');
:state
SELECT * FROM migrate.load('-.sql', E'-- migrate:up\n');
:state
SELECT * FROM migrate.load('', E'-- migrate:up\n');
:state
SELECT * FROM migrate.load('.sql', E'-- migrate:up\n');
:state
SELECT * FROM migrate.load('[]');
:state
SELECT * FROM migrate.load('{"a.sql": 1}');
:state
SELECT * FROM migrate.load('{}');

-- What is applied does not change, but its headers and its name may.
SELECT revision, status FROM migrate.upgrade('0003');
SELECT * FROM migrate.load('0001.sql', E'-- migrate:up\nSELECT 100;\n');
:state
SELECT * FROM migrate.load('0001.sql', E'-- migrate:message The first\n-- migrate:up\nSELECT 1;\n');
SELECT * FROM migrate.load('0001_first.sql', E'-- migrate:message The first\n-- migrate:up\nSELECT 1;\n');
SELECT revision, message, path, applied_by FROM migrate.show('0001');
SELECT * FROM migrate.load('0001_first.sql', E'-- migrate:message The first\n-- migrate:up\nSELECT 1;\n-- migrate:down\n');
:state

-- A file that comes in below what is applied is pending, and upgrade says so.
SELECT * FROM migrate.load('0002.1_late.sql', E'-- migrate:revision late\n-- migrate:up\nSELECT 1;\n');
SELECT * FROM migrate.pending('0003');
SELECT revision, direction, status FROM migrate.upgrade('0003');

-- load() of what export() gives changes nothing.
SELECT * FROM migrate.export();
SELECT DISTINCT status FROM migrate.load((SELECT jsonb_object_agg(path, script) FROM migrate.export()));


-- A directory of the server: every *.sql file in it, and nothing else.
SELECT current_setting('data_directory') || '/regress_load' AS directory \gset
CREATE FUNCTION write(command text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT) TO PROGRAM %L', command);
END $$;
SELECT write(format('cat > /dev/null; mkdir %1$s %1$s/sub.sql && cd %1$s && echo nothing > README && echo bad > sub.sql/x.sql &&'
    ' printf -- "-- migrate:up\r\nSELECT 1;" > 0101_b.sql && printf -- "-- migrate:up\nSELECT 1;\n" > 0100_a.sql',
    :'directory'));
SELECT * FROM migrate.load_dir(:'directory');
SELECT * FROM migrate.load_dir(:'directory' || '/');
SELECT revision, parents FROM migrate.history('0100:0101');
SELECT write(format('cat > /dev/null; printf "SELECT \377" > %s/0102_c.sql', :'directory'));
SELECT * FROM migrate.load_dir(:'directory');
:state
SELECT write(format('cat > /dev/null; rm -r %s', :'directory'));
SELECT migrate.load_dir('nosuchdirectory');
:state

\c postgres
DROP DATABASE regress_load;
