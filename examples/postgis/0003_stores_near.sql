-- migrate:message Find the stores near a point
-- migrate:up
CREATE FUNCTION stores_near(longitude float8, latitude float8, metres float8) RETURNS SETOF stores
    LANGUAGE sql STABLE
AS $$
    SELECT * FROM stores
    WHERE ST_DWithin(place, ST_MakePoint(longitude, latitude)::geography, metres);
$$;
-- migrate:verify
SELECT 1 / count(*) FROM stores_near(13.2, 52.2, 20000);
-- migrate:down
DROP FUNCTION stores_near(float8, float8, float8);
