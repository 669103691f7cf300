-- migrate:message Add the views of the back office
-- migrate:up
CREATE VIEW customers AS
SELECT u.id, u.email, u.display_name, count(o.id) AS orders, coalesce(sum(o.total_cents), 0) AS spent_cents
FROM users AS u LEFT JOIN orders AS o ON o.user_id = u.id
GROUP BY u.id;

CREATE RULE customers_rename AS ON UPDATE TO customers DO INSTEAD (
    UPDATE users SET display_name = NEW.display_name WHERE id = OLD.id;
    NOTIFY customers
);

CREATE MATERIALIZED VIEW sales_by_month AS
SELECT date_trunc('month', placed_at AT TIME ZONE 'UTC') AS month, sum(total_cents) AS total_cents
FROM orders
GROUP BY 1;
CREATE UNIQUE INDEX sales_by_month_month_idx ON sales_by_month (month);
-- migrate:verify
SELECT id, email, display_name, orders, spent_cents FROM customers WHERE false;
SELECT month, total_cents FROM sales_by_month WHERE false;
-- migrate:down
DROP MATERIALIZED VIEW sales_by_month;
DROP VIEW customers;
