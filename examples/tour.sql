-- The tree is in the database: every revision is a row. Newest first:
SELECT * FROM migrate.history();
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

-- The branch with the label billing alone:
SELECT * FROM migrate.upgrade('billing@head');
-- Everything: it brings in search, which depends on billing, and the merge of both.
SELECT * FROM migrate.upgrade('head');
SELECT revision, message, is_head FROM migrate.current();

-- Where every step is transactional, an upgrade or a downgrade is part of your own transaction.
BEGIN;
SELECT * FROM migrate.downgrade('1a6d3f80c9e5');
ROLLBACK;
SELECT revision, message, is_head FROM migrate.current();

-- Down to nothing, and up again.
SELECT * FROM migrate.downgrade('base');
SELECT * FROM migrate.current();
SELECT * FROM migrate.upgrade('head');
SELECT revision, message, is_head FROM migrate.current();
-- Every run is on record.
SELECT * FROM migrate.runs;
