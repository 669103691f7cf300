-- migrate:up
INSERT INTO counters VALUES ('0006 up, 1');
-- migrate:no-transaction
CALL leave_effects('0006 upgrade 2');
INSERT INTO counters VALUES ('0006 up, 2');
-- migrate:no-transaction
DO $$ BEGIN CALL leave_effects('0006 upgrade 4'); END $$;
-- migrate:down
-- migrate:no-transaction
CALL leave_effects('0006 downgrade 1');
INSERT INTO counters VALUES ('0006 down');
VACUUM effects;
