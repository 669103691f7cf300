-- migrate:message Record refunds
-- migrate:up
ALTER TABLE orders ADD COLUMN refunded_at timestamptz;
UPDATE orders SET status = 'refunded', refunded_at = placed_at + interval '3 days' WHERE id % 50 = 0;
CREATE INDEX orders_refunded_at_idx ON orders (refunded_at) WHERE status = 'refunded';
-- migrate:verify
SELECT refunded_at FROM orders WHERE status = 'refunded' AND false;
-- migrate:down
DROP INDEX orders_refunded_at_idx;
UPDATE orders SET status = 'shipped' WHERE status = 'refunded';
ALTER TABLE orders DROP COLUMN refunded_at;
