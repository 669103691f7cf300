-- The tree is in the database: every revision is a row. Newest first:
SELECT revision, parents, depends_on, branch_labels, message FROM migrate.history();
-- Two branches leave the line at 0014, each with a label.
SELECT * FROM migrate.branches();
-- Nothing is applied yet.
SELECT * FROM migrate.current();
-- What an upgrade to the branch point would do. 0009 builds an index concurrently, so PostgreSQL
-- does not let it run in a transaction: a background worker will do it.
SELECT step, revision, message, transactional, statements FROM migrate.plan('upgrade', '0014');

-- The main job, in one statement and from any client.
SELECT * FROM migrate.upgrade('0014');
SELECT revision, message, is_head FROM migrate.current();
\d orders

-- One branch alone, as far as the revision whose id begins with b3d8:
SELECT * FROM migrate.upgrade('billing@b3d8');
-- Everything else: search, which depends on billing, the merge of both, and what follows.
SELECT * FROM migrate.upgrade('head');
SELECT revision, message, is_head FROM migrate.current();

-- Where every step is transactional, an upgrade or a downgrade is part of your own transaction.
BEGIN;
SELECT * FROM migrate.downgrade('-1');
SELECT revision, message, is_head FROM migrate.current();
ROLLBACK;
SELECT revision, message, is_head FROM migrate.current();

-- Down to nothing, and up again.
SELECT * FROM migrate.downgrade('base');
SELECT * FROM migrate.current();
SELECT * FROM migrate.upgrade('head');
SELECT revision, message, is_head FROM migrate.current();
-- Every run is on record.
SELECT run, command, target, status, host, from_heads, to_heads, duration FROM migrate.runs;
