-- A tour of targets, and each refusal as a user sees it.
CREATE DATABASE regress_targets;
\c regress_targets
CREATE EXTENSION migrate;
\set state '\\echo SQLSTATE :LAST_ERROR_SQLSTATE'
--
--  aaaa1 - aaaa2 -+- shop3 - shop4 -+- join5      audit1 - audit2 (needs aaaa2)
--                 +- crm33 ---------+
--
SELECT migrate.revision('A 1', 'SELECT 1', 'SELECT 1', revision_id => 'aaaa1');
SELECT migrate.revision('A 2', 'SELECT 1', 'SELECT 1', revision_id => 'aaaa2');
SELECT migrate.revision('Shop 3', 'SELECT 1', 'SELECT 1', revision_id => 'shop3', branch_labels => '{shop}');
SELECT migrate.revision('CRM 3', 'SELECT 1', 'SELECT 1', revision_id => 'crm33', head => '{aaaa2}', splice => true, branch_labels => '{crm}');
SELECT migrate.revision('Shop 4', 'SELECT 1', revision_id => 'shop4', head => '{shop@head}');
SELECT migrate.revision('Audit 1', 'SELECT 1', 'SELECT 1', revision_id => 'audit1', head => '{base}', branch_labels => '{audit}', depends_on => '{aaaa2}');
SELECT migrate.revision('Audit 2', 'SELECT 1', 'SELECT 1', revision_id => 'audit2', head => '{audit@head}');

CREATE FUNCTION steps(command text, target text) RETURNS text LANGUAGE sql AS
$$ SELECT coalesce(string_agg(revision, ' ' ORDER BY step), '(nothing)') FROM migrate.plan(command, target) $$;
SELECT target, steps('upgrade', target)
  FROM unnest('{heads,aaaa2,aaaa1+1,shop,shop@head,shop@heads,crm@head,crm3,audit@head,audit@+1,audit1+1,shop3-1}'::text[]) target;
SELECT steps('upgrade', 'head');
:state
SELECT steps('upgrade', 'nosuch');
:state
SELECT steps('upgrade', 'aaaa');
:state
SELECT steps('upgrade', 'a');
:state
SELECT steps('upgrade', 'nosuch@head');
:state
SELECT steps('upgrade', 'audit@crm33');
:state
SELECT steps('upgrade', 'aaaa2+1');
:state
SELECT steps('upgrade', '+20');
:state
SELECT steps('upgrade', '-1');
:state
SELECT steps('upgrade', '+1x');
:state
SELECT steps('upgrade', '');
:state
SELECT steps('upgrade', 'base');
:state
SELECT steps('upgrade', 'base:aaaa1');
:state
SELECT steps('upgrade', 'current');
:state
SELECT steps('sidegrade', 'head');
:state
SELECT steps('upgrade', 'a''"b');
:state
SELECT steps('upgrade', '@');
:state
SELECT steps('upgrade', '+99999999999999999999');
:state

SELECT migrate.merge('Join', '{shop4,crm33}', revision_id => 'join5');
SELECT steps('upgrade', 'head');
:state
SELECT steps('upgrade', 'heads');
SELECT steps('upgrade', 'crm@head');
SELECT count(*) FROM migrate.upgrade('shop4');
SELECT steps('upgrade', 'join5'), steps('upgrade', 'shop@+1'), steps('upgrade', 'aaaa1');
SELECT steps('upgrade', '+1');
SELECT steps('downgrade', '-1'), steps('downgrade', 'shop@-2'), steps('downgrade', 'aaaa1'), steps('downgrade', 'base');
SELECT steps('downgrade', 'join5');
:state
SELECT steps('downgrade', '-9');
:state
SELECT steps('downgrade', 'head');
:state
SELECT steps('downgrade', 'crm@base');
:state
SELECT revision FROM migrate.downgrade('shop3');
:state
SELECT migrate.stamp('{shop3}', purge => true);
SELECT count(*) FROM migrate.upgrade('crm33');
SELECT revision FROM migrate.current();
SELECT steps('downgrade', '-1');
:state
SELECT steps('downgrade', 'shop@-1'), steps('downgrade', 'crm@-1'), steps('downgrade', 'aaaa2');
SELECT steps('downgrade', 'shop@base');
:state
SELECT count(*) FROM migrate.upgrade('audit@head');
SELECT steps('downgrade', 'audit@base'), steps('downgrade', 'aaaa1'), steps('downgrade', 'base');
SELECT migrate.stamp('{head}');
:state
SELECT migrate.stamp('{shop4,nosuch}');
:state
SELECT migrate.stamp('{}');
:state
SELECT migrate.stamp('{heads}');
SELECT migrate.stamp('{}', purge => true);
SELECT migrate.stamp('{aaaa2,audit1}');
SELECT revision, method FROM migrate.applied ORDER BY 1;
SELECT revision, is_current FROM migrate.history('aaaa2:') ;
SELECT revision FROM migrate.history(':aaaa2');
SELECT revision FROM migrate.history('aaaa1:shop3');
SELECT revision FROM migrate.history('current:');
SELECT revision FROM migrate.history('-1:current');
SELECT revision FROM migrate.history('shop3');
:state
SELECT revision FROM migrate.history('shop3:aaaa1');
:state
SELECT revision FROM migrate.history('a:b:c');
:state
SELECT revision FROM migrate.show('heads');
SELECT revision FROM migrate.show('current');
SELECT revision FROM migrate.show('shop');
SELECT revision FROM migrate.show('base');
:state

-- Many heads: the texts stay short.
SELECT count(migrate.revision('Head ' || i, '', revision_id => 'many' || i, head => '{base}')) FROM generate_series(1, 60) i;
SELECT steps('upgrade', 'head');
:state
SELECT steps('upgrade', 'many');
:state
SELECT steps('upgrade', repeat('x', 1000));
:state
\c postgres
DROP DATABASE regress_targets;
