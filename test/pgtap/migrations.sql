-- How a project tests its migrations: bring the schema up, assert, roll everything back.
BEGIN;
SELECT plan(16);

SELECT migrate.load(jsonb_build_object(
    '0001_customers.sql', $$-- migrate:up
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);
-- migrate:down
DROP TABLE customers;
$$,
    '0002_orders.sql', $$-- migrate:up
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    total numeric NOT NULL CHECK (total >= 0)
);
-- migrate:verify
SELECT customer_id, total FROM orders WHERE false;
-- migrate:down
DROP TABLE orders;
$$,
    '0003_names.sql', $$-- migrate:up
ALTER TABLE customers ADD COLUMN name text;
UPDATE customers SET name = initcap(split_part(email, '@', 1));
ALTER TABLE customers ALTER COLUMN name SET NOT NULL;
-- migrate:down
ALTER TABLE customers DROP COLUMN name;
$$));
SELECT is_empty('SELECT * FROM migrate.validate()', 'nothing is wrong with the scripts');

-- One step, and what it makes.
SELECT results_eq($$SELECT revision FROM migrate.upgrade('0002')$$, ARRAY['0001', '0002'],
                  'two revisions are applied');
SELECT has_table('customers');
SELECT has_pk('customers');
SELECT col_is_unique('customers', 'email');
SELECT fk_ok('orders', 'customer_id', 'customers', 'id');
SELECT throws_ok($$INSERT INTO orders (customer_id, total) VALUES (1, -1)$$, '23514');

-- Data that is there before a step, and what the step makes of it.
INSERT INTO customers (email) VALUES ('ada@example.org');
SELECT lives_ok($$SELECT migrate.upgrade()$$, 'the last revision copes with data');
SELECT results_eq('SELECT name FROM customers', ARRAY['Ada'], 'and fills the new column');
SELECT col_not_null('customers', 'name');
SELECT results_eq('SELECT revision FROM migrate.current()', ARRAY['0003']);
SELECT is_empty('SELECT * FROM migrate.pending()', 'nothing is left to do');

-- And back.
SELECT lives_ok($$SELECT migrate.downgrade('base')$$, 'every revision goes down');
SELECT hasnt_table('orders');
SELECT hasnt_table('customers');
SELECT is_empty('SELECT * FROM migrate.applied', 'the ledger is empty');

SELECT * FROM finish();
ROLLBACK;
