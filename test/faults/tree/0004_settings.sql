-- migrate:up
SET search_path = elsewhere, public;
ALTER TYPE mood ADD VALUE 'calm';
INSERT INTO counters VALUES ('0004 up, 1');
CREATE TABLE moods (mood mood DEFAULT 'calm');
INSERT INTO moods DEFAULT VALUES;
VACUUM moods;
CREATE TABLE places (n int);
CREATE INDEX CONCURRENTLY ON places (n);
REINDEX SCHEMA CONCURRENTLY elsewhere;
ALTER TYPE mood ADD VALUE 'glad';
-- migrate:verify
SELECT 'glad'::mood > 'calm';
-- migrate:down
SET search_path = elsewhere, public;
VACUUM moods;
DROP TABLE moods, places;
INSERT INTO counters VALUES ('0004 down');
DROP TYPE mood;
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
