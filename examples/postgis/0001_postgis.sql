-- migrate:message Add PostGIS
-- migrate:up
CREATE EXTENSION IF NOT EXISTS postgis;
-- migrate:verify
SELECT ST_AsText(ST_MakePoint(0, 0));
-- migrate:down
DROP EXTENSION postgis;
