-- migrate:message Add products
-- migrate:up
CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL UNIQUE,
    name text NOT NULL,
    price_cents integer NOT NULL
);
CREATE INDEX products_name_idx ON products (lower(name));
-- migrate:verify
SELECT id, sku, name, price_cents FROM products WHERE false;
-- migrate:down
DROP TABLE products;
