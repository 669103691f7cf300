-- migrate:up
CALL migrate.add_not_null('sales', 'person');
CALL migrate.add_check('sales', 'total >= 0');
INSERT INTO counters VALUES ('0008 up, 1');
CALL migrate.add_foreign_key('sales', '{person}', 'people', options => 'ON DELETE CASCADE');
CALL migrate.add_unique('sales', '{total}');
CALL migrate.add_primary_key('sales', '{id}', 'sales_id');
INSERT INTO counters VALUES ('0008 up, 2');
CALL migrate.create_index('sales', '(person, total DESC) WHERE total > 10');
CALL migrate.create_index('sales', '(lower(total::text))', 'sales_text', is_unique => true);
CALL migrate.reindex('sales');
-- migrate:down
CALL migrate.drop_index('sales_text');
INSERT INTO counters VALUES ('0008 down, 1');
CALL migrate.reindex('sales');
CALL migrate.drop_index('sales_person_total_idx');
CALL migrate.add_check('sales', 'id > 0', 'sales_down');
ALTER TABLE sales DROP CONSTRAINT sales_id, DROP CONSTRAINT sales_total_key;
INSERT INTO counters VALUES ('0008 down, 2');
