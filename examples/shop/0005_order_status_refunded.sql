-- migrate:message Add the order status refunded
-- migrate:up
-- A new value cannot be used in the transaction that adds it, so this is a revision of its own.
ALTER TYPE order_status ADD VALUE 'refunded';
-- migrate:down
-- PostgreSQL cannot take a value from an enum type: the old type is built again beside the new one.
ALTER TYPE order_status RENAME TO order_status_with_refunded;
CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped');
ALTER TABLE orders
    ALTER COLUMN status DROP DEFAULT,
    ALTER COLUMN status TYPE order_status USING status::text::order_status,
    ALTER COLUMN status SET DEFAULT 'new';
DROP TYPE order_status_with_refunded;
