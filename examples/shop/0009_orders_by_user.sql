-- migrate:message Index the orders of a user
-- migrate:up
-- Built while the shop is open: no transaction can do that, so this statement runs on its own.
CREATE INDEX CONCURRENTLY orders_user_id_placed_at_idx ON orders (user_id, placed_at DESC);
COMMENT ON INDEX orders_user_id_placed_at_idx IS 'For "my orders", newest first';
-- migrate:verify
SELECT 1 / count(*) FROM pg_catalog.pg_index
WHERE indexrelid = 'orders_user_id_placed_at_idx'::regclass AND indisvalid;
-- migrate:down
DROP INDEX CONCURRENTLY orders_user_id_placed_at_idx;
