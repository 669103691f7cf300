-- migrate:up
CALL migrate.add_not_null('sales_parts', 'person');
CALL migrate.add_check('sales_parts', 'total >= 0');
INSERT INTO counters VALUES ('0009 up, 1');
CALL migrate.add_foreign_key('sales_parts', '{person}', 'people');
CALL migrate.add_unique('sales_parts', '{id,day}');
INSERT INTO counters VALUES ('0009 up, 2');
CALL migrate.create_index('sales_parts', '(person, total)');
CALL migrate.create_index('sales_parts', '(total, day)', 'sales_parts_total', is_unique => true);
-- migrate:down
CALL migrate.drop_index('sales_parts_total');
INSERT INTO counters VALUES ('0009 down, 1');
CALL migrate.reindex('sales_parts');
CALL migrate.drop_index('sales_parts_person_total_idx');
CALL migrate.add_check('sales_parts', 'id > 0', 'sales_parts_down');
ALTER TABLE sales_parts DROP CONSTRAINT sales_parts_id_day_key;
INSERT INTO counters VALUES ('0009 down, 2');
