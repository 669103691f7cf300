-- migrate:message Keep the total of an order up to date
-- migrate:up
CREATE FUNCTION order_total(wanted bigint) RETURNS bigint
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(sum(i.pieces * p.price_cents), 0)
    FROM order_items AS i JOIN products AS p ON p.id = i.product_id
    WHERE i.order_id = wanted;
END;

CREATE FUNCTION order_items_changed() RETURNS trigger
    LANGUAGE plpgsql
AS $body$
-- What stands between dollar quotes is text, whatever it looks like:
-- migrate:down
-- migrate:no-transaction
DECLARE
    changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
    note text := $$a quote in a quote; it's "fine" \ too$$;
BEGIN
    UPDATE orders SET total_cents = order_total(changed) WHERE id = changed;
    RETURN NULL;
END;
$body$;

CREATE TRIGGER order_items_changed AFTER INSERT OR UPDATE OR DELETE ON order_items
    FOR EACH ROW EXECUTE FUNCTION order_items_changed();

CREATE PROCEDURE close_order(wanted bigint)
    LANGUAGE sql
AS 'UPDATE orders SET status = ''shipped'' WHERE id = wanted; SELECT order_total(wanted);';
-- migrate:verify
SELECT order_total(1);
-- migrate:down
DROP PROCEDURE close_order(bigint);
DROP TRIGGER order_items_changed ON order_items;
DROP FUNCTION order_items_changed();
DROP FUNCTION order_total(bigint);
