-- migrate:message Add events, one partition a quarter
-- migrate:up
CREATE TABLE events (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    happened_at timestamptz NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (id, happened_at)
) PARTITION BY RANGE (happened_at);
CREATE TABLE events_2024q1 PARTITION OF events
    FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-04-01 00:00+00');
CREATE TABLE events_2024q2 PARTITION OF events
    FOR VALUES FROM ('2024-04-01 00:00+00') TO ('2024-07-01 00:00+00');
CREATE INDEX events_kind_idx ON events (kind, happened_at);

INSERT INTO events (happened_at, kind, payload)
SELECT placed_at, 'order placed', jsonb_build_object('order', id) FROM orders;
-- migrate:verify
SELECT id, happened_at, kind, payload FROM events WHERE false;
-- migrate:down
DROP TABLE events;
