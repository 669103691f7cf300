-- migrate:revision 5f1c0a9b7e21
-- migrate:revises 0014
-- migrate:message Add invoices
-- migrate:label billing
-- migrate:up
CREATE TABLE invoices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL UNIQUE REFERENCES orders,
    number text NOT NULL UNIQUE,
    issued_on date NOT NULL
);
INSERT INTO invoices (order_id, number, issued_on)
SELECT id, format('2024-%s', lpad(id::text, 6, '0')), (placed_at AT TIME ZONE 'UTC')::date
FROM orders
WHERE status <> 'new';
-- migrate:verify
SELECT id, order_id, number, issued_on FROM invoices WHERE false;
-- migrate:down
DROP TABLE invoices;
