-- migrate:message Demand a positive price of new products
-- migrate:up
-- NOT VALID holds for new rows at once and reads none of the old ones.
ALTER TABLE products ADD CONSTRAINT products_price_cents_check CHECK (price_cents > 0) NOT VALID;
-- migrate:down
ALTER TABLE products DROP CONSTRAINT products_price_cents_check;
