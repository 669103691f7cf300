-- migrate:up
CALL migrate.backfill('batched', 'n = n + 1, done = true', 'NOT done', target => '5 ms');
INSERT INTO counters VALUES ('0007 up, 1');
CALL migrate.backfill('batched_parts', 'n = n + 1, done = true', 'NOT done', parallel => 2, target => '5 ms');
CALL migrate.backfill('batched', 'n = n + 10, done = false', 'done', batch => 'keyset', target => '5 ms');
INSERT INTO counters VALUES ('0007 up, 2');
CALL migrate.purge('batched', 'id % 3 = 0', target => '5 ms');
UPDATE batched SET n = n + 100;
CALL migrate.purge('batched_parts', 'id % 3 = 0', parallel => 2, target => '5 ms');
-- migrate:verify
SELECT count(*) = 2000 AND min(n) = 111 AND max(n) = 111 FROM batched;
-- migrate:down
CALL migrate.backfill('batched', 'n = n + 1000, done = true', 'NOT done', parallel => 2, target => '5 ms');
INSERT INTO counters VALUES ('0007 down, 1');
CALL migrate.purge('batched', 'id % 5 = 0', batch => 'keyset', target => '5 ms');
CALL migrate.backfill('batched_parts', 'n = n + 1000, done = false', 'done', target => '5 ms');
INSERT INTO counters VALUES ('0007 down, 2');
