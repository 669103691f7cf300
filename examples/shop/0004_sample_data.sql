-- migrate:message Fill the shop with sample data
-- migrate:up
INSERT INTO users (email, full_name, created_at)
SELECT format('user%s@example.org', n), format('User %s', n),
       timestamptz '2024-01-01 00:00+00' + n * interval '1 hour'
FROM generate_series(1, 2000) AS n;

INSERT INTO products (sku, name, price_cents)
SELECT format('SKU-%s', lpad(n::text, 4, '0')), format('Product; number "%s"', n), 100 + n % 900
FROM generate_series(1, 500) AS n;

INSERT INTO orders (user_id, status, placed_at)
SELECT 1 + n % 2000, (ARRAY['new', 'paid', 'shipped'])[1 + n % 3]::order_status,
       timestamptz '2024-02-01 00:00+00' + n * interval '5 minutes'
FROM generate_series(1, 20000) AS n;

INSERT INTO order_items (order_id, product_id, quantity)
SELECT n, 1 + (n * k) % 500, k
FROM generate_series(1, 20000) AS n, generate_series(1, 2) AS k
ON CONFLICT DO NOTHING;
-- migrate:verify
SELECT 1 / (count(*) / 20000) FROM orders;
-- migrate:down
TRUNCATE order_items, orders, products, users RESTART IDENTITY;
