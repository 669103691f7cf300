-- migrate:revision 1a6d3f80c9e5
-- migrate:revises e94b17c6a052
-- migrate:message Fill the search words in batches
-- migrate:up
-- A block that commits cannot run in a transaction, and no parser sees the COMMIT in it.
-- migrate:no-transaction
DO $$
DECLARE
    filled bigint;
BEGIN
    LOOP
        UPDATE search_documents SET words = to_tsvector('simple', body)
        WHERE id IN (SELECT id FROM search_documents WHERE words IS NULL ORDER BY id LIMIT 5000);
        GET DIAGNOSTICS filled = ROW_COUNT;
        EXIT WHEN filled = 0;
        COMMIT;
    END LOOP;
END;
$$;
ALTER TABLE search_documents ALTER COLUMN words SET NOT NULL;
-- migrate:verify
SELECT 1 / count(*) FROM search_documents WHERE words @@ to_tsquery('simple', 'product');
-- migrate:down
ALTER TABLE search_documents ALTER COLUMN words DROP NOT NULL;
UPDATE search_documents SET words = NULL;
