-- Writing revisions by hand.
CREATE DATABASE regress_authoring;
\c regress_authoring
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'

-- An id is made up unless it is given.
SELECT migrate.revision('Add a', 'CREATE TABLE a (id int)') ~ '^[0-9a-f]{12}$' AS twelve_hex_digits;
SELECT migrate.remove('head');
SELECT * FROM migrate.history();

SELECT migrate.revision('Add a', 'CREATE TABLE a (id int)', 'DROP TABLE a', revision_id => 'a1');
SELECT migrate.revision('Add b', 'CREATE TABLE b (id int)', 'DROP TABLE b',
                        'SELECT id FROM b', revision_id => 'b1', branch_labels => '{shop}');
\pset format unaligned
\pset tuples_only
SELECT migrate.script('b1');
\pset tuples_only
\pset format aligned

-- Beside a head only when it is asked for.
SELECT migrate.revision('Side', 'SELECT 1', revision_id => 'c1', head => '{a1}');
:state
SELECT migrate.revision('Side', 'SELECT 1', revision_id => 'c1', head => '{a1}', splice => true);
-- Two heads now, so that "head" says nothing any more.
SELECT migrate.revision('Next', 'SELECT 1', revision_id => 'd1');
:state
SELECT migrate.revision('Next', 'SELECT 1', revision_id => 'd1', head => '{shop@head}');
-- A second base, and a revision that needs another branch.
SELECT migrate.revision('Other base', 'SELECT 1', revision_id => 'x1', head => '{base}',
                        branch_labels => '{audit}', depends_on => '{b1}');
SELECT revision, parents, depends_on, branch_labels, message, is_head FROM migrate.history();

-- Merging.
SELECT migrate.merge('Join', '{c1}', revision_id => 'm1');
:state
SELECT migrate.merge('Join', '{a1,b1}', revision_id => 'm1');
:state
SELECT migrate.merge('Join', '{c1,nosuch}', revision_id => 'm1');
:state
SELECT migrate.merge('Join', '{c1,d1}', revision_id => 'm1', branch_labels => '{joined}');
SELECT * FROM migrate.heads();
SELECT * FROM migrate.branches();
SELECT revision, message, parents, depends_on, branch_labels, children, is_head, is_branch_point,
       is_merge_point, applied_at, applied_by, path, loaded_by FROM migrate.show('m1');
SELECT revision, parents, children, is_branch_point FROM migrate.show('a1');
-- All heads at once is the default.
SELECT migrate.merge('Join all', revision_id => 'm2');
SELECT revision, parents FROM migrate.show('head');
SELECT migrate.remove('m2');

-- Changing parts; the rest stays.
SELECT migrate.edit('d1', message => 'Next, better', downgrade => 'SELECT 2',
                    verify => 'SELECT true');
\pset format unaligned
\pset tuples_only
SELECT migrate.script('d1');
SELECT migrate.edit('d1', upgrade => E'SELECT 10;\n-- a remark\nSELECT 11;');
SELECT migrate.script('d1');
\pset tuples_only
\pset format aligned
SELECT revision, message FROM migrate.show('d1');
SELECT migrate.edit('d1', upgrade => 'SELEC 1');
:state
SELECT migrate.edit('d1', upgrade => E'SELECT 1;\nSELECT 2,\n  FROM nowhere WHERE;');
:state
SELECT migrate.edit('nosuch', message => 'x');
:state

-- Removing.
SELECT migrate.remove('b1');
:state
SELECT migrate.remove('m1');
SELECT migrate.remove('c1');
SELECT * FROM migrate.heads();

-- What is applied stays as it is.
SELECT revision, status FROM migrate.upgrade('b1');
SELECT migrate.edit('a1', message => 'x');
:state
SELECT migrate.remove('b1');
:state

-- Names.
SELECT migrate.revision('Twice', 'SELECT 1', revision_id => 'b1', head => '{d1}');
:state
SELECT migrate.revision('Label twice', 'SELECT 1', revision_id => 'e1', head => '{d1}',
                        branch_labels => '{shop}');
:state
SELECT migrate.revision('Label is an id', 'SELECT 1', revision_id => 'e1', head => '{d1}',
                        branch_labels => '{a1}');
:state
SELECT migrate.revision('Bad id', 'SELECT 1', revision_id => 'has space', head => '{d1}');
:state
SELECT migrate.revision('Bad id', 'SELECT 1', revision_id => 'a@b', head => '{d1}');
:state
SELECT migrate.revision('Bad id', 'SELECT 1', revision_id => 'head', head => '{d1}');
:state
SELECT migrate.revision('Bad id', 'SELECT 1', revision_id => repeat('x', 201), head => '{d1}');
:state
SELECT migrate.revision('Bad label', 'SELECT 1', revision_id => 'e1', head => '{d1}',
                        branch_labels => '{heads}');
:state
SELECT migrate.revision('Needs itself', 'SELECT 1', revision_id => 'e1', head => '{d1}',
                        depends_on => '{e1}');
:state
SELECT migrate.revision('Needs nothing known', 'SELECT 1', revision_id => 'e1', head => '{d1}',
                        depends_on => '{zz}');
:state
SELECT migrate.revision('Needs its parent', 'SELECT 1', revision_id => 'e1', head => '{d1}',
                        depends_on => '{b1}');
SELECT migrate.remove('e1');
SELECT migrate.revision('On nothing known', 'SELECT 1', revision_id => 'e1', head => '{zz}');
:state
SELECT migrate.revision('On the same twice', 'SELECT 1', revision_id => 'e1', head => '{d1,d1}');
:state

-- A message may have several lines, or none; an id any other character.
SELECT migrate.revision(E'First line\n\n  third line  ', 'SELECT 1', revision_id => 'é"''\x',
                        head => '{d1}');
SELECT revision, message FROM migrate.show('é"''\x');
\pset format unaligned
\pset tuples_only
SELECT migrate.script('é"''\x');
\pset tuples_only
\pset format aligned
SELECT migrate.revision('', '', revision_id => 'empty', head => ARRAY['é"''\x']);
SELECT revision, message FROM migrate.show('empty');
-- load() of what export() gives changes nothing.
SELECT path, revision, status
  FROM migrate.load((SELECT jsonb_object_agg(path, script) FROM migrate.export()));

-- A text may bring further sections, but no headers.
SELECT migrate.revision('Two in one', E'SELECT 1;\n-- migrate:down\nSELECT 2;', revision_id => 's1',
                        head => '{empty}');
SELECT migrate.revision('Headers', E'SELECT 1;\n-- migrate:depends a1', revision_id => 's2',
                        head => '{s1}');
:state
SELECT migrate.revision('Twice', E'SELECT 1;\n-- migrate:down\n', 'SELECT 2', revision_id => 's2',
                        head => '{s1}');
:state
SELECT migrate.revision(E'x\n-- migrate:revises base', 'SELECT 1', revision_id => 's2',
                        head => '{s1}');
SELECT revision, parents, message FROM migrate.show('s2');
SELECT migrate.revision(E'x\rDROP TABLE a;', 'SELECT 1', revision_id => 's3', head => '{s2}');
:state

\c postgres
DROP DATABASE regress_authoring;
