-- migrate:message Store the total of an order
-- migrate:up
ALTER TABLE orders ADD COLUMN total_cents bigint;
UPDATE orders AS o
SET total_cents = sums.total
FROM (
    SELECT i.order_id, sum(i.quantity * p.price_cents) AS total
    FROM order_items AS i JOIN products AS p ON p.id = i.product_id
    GROUP BY i.order_id
) AS sums
WHERE sums.order_id = o.id;
ALTER TABLE orders ALTER COLUMN total_cents SET NOT NULL;
-- migrate:verify
SELECT total_cents FROM orders WHERE false;
-- migrate:down
ALTER TABLE orders DROP COLUMN total_cents;
