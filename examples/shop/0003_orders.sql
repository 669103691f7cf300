-- migrate:message Add orders and their items
-- migrate:up
CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped');

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    status order_status NOT NULL DEFAULT 'new',
    placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_items (
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id)
);
CREATE INDEX order_items_product_id_idx ON order_items (product_id);
-- migrate:verify
SELECT o.id, o.user_id, o.status, i.product_id, i.quantity
FROM orders AS o JOIN order_items AS i ON i.order_id = o.id
WHERE false;
-- migrate:down
DROP TABLE order_items, orders;
DROP TYPE order_status;
