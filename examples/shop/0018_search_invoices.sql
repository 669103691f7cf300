-- migrate:revision c70f2a95d8b4
-- migrate:revises 8d2e4b6a1c03
-- migrate:message Find invoices too
-- migrate:depends 5f1c0a9b7e21
-- migrate:up
INSERT INTO search_documents (body) SELECT number FROM invoices ORDER BY id;
CREATE INDEX CONCURRENTLY search_documents_words_idx ON search_documents USING gin (words);
-- migrate:verify
SELECT 1 / count(*) FROM pg_catalog.pg_index
WHERE indexrelid = 'search_documents_words_idx'::regclass AND indisvalid;
-- migrate:down
DROP INDEX CONCURRENTLY search_documents_words_idx;
DELETE FROM search_documents AS d USING invoices AS i WHERE d.body = i.number;
