-- migrate:message Demand a positive price of every product
-- migrate:up
ALTER TABLE products VALIDATE CONSTRAINT products_price_cents_check;
-- migrate:verify
SELECT 1 / count(*) FROM pg_catalog.pg_constraint
WHERE conrelid = 'products'::regclass AND conname = 'products_price_cents_check' AND convalidated;
-- migrate:down
ALTER TABLE products DROP CONSTRAINT products_price_cents_check;
ALTER TABLE products ADD CONSTRAINT products_price_cents_check CHECK (price_cents > 0) NOT VALID;
