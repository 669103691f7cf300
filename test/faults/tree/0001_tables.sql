-- migrate:up
INSERT INTO counters VALUES ('0001 up');
CREATE TABLE orders (id int PRIMARY KEY, customer int, note text, open boolean);
INSERT INTO orders SELECT i, i % 100, 'note ' || i, i % 10 = 0 FROM generate_series(1, 12000) i;
CREATE TYPE mood AS ENUM ('sad', 'happy');
-- migrate:down
INSERT INTO counters VALUES ('0001 down');
DROP TABLE orders;
DROP TYPE mood;
