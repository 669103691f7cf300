-- migrate:revision 4c8e50b2f69d
-- migrate:revises 1a6d3f80c9e5
-- migrate:message Archive the events of the first quarter
-- migrate:up
ALTER TABLE events DETACH PARTITION events_2024q1 CONCURRENTLY;
ALTER TABLE events_2024q1 RENAME TO events_archive_2024q1;
-- migrate:verify
SELECT id, happened_at, kind, payload FROM events_archive_2024q1 WHERE false;
-- migrate:down
ALTER TABLE events_archive_2024q1 RENAME TO events_2024q1;
ALTER TABLE events ATTACH PARTITION events_2024q1
    FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-04-01 00:00+00');
-- Left behind by DETACH ... CONCURRENTLY; until here it spared the ATTACH a scan of the table.
ALTER TABLE events_2024q1 DROP CONSTRAINT events_2024q1_happened_at_check;
