-- migrate:message Add stores and where they are
-- migrate:up
CREATE TABLE stores (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    place geography(Point, 4326) NOT NULL
);
INSERT INTO stores (name, place)
SELECT format('Store %s', n), ST_MakePoint(13 + n % 50 * 0.01, 52 + n % 60 * 0.01)::geography
FROM generate_series(1, 3000) AS n;
CREATE INDEX CONCURRENTLY stores_place_idx ON stores USING gist (place);
-- migrate:verify
SELECT id, name, place FROM stores WHERE false;
-- migrate:down
DROP TABLE stores;
