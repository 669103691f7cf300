-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY notes_title_idx ON notes (lower(title));

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY notes_title_idx;
