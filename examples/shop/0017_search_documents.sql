-- migrate:revision 8d2e4b6a1c03
-- migrate:revises 0014
-- migrate:message Add search documents
-- migrate:label search
-- migrate:up
CREATE TABLE search_documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL,
    words tsvector
);
INSERT INTO search_documents (body) SELECT name FROM products ORDER BY id;
-- migrate:verify
SELECT id, body, words FROM search_documents WHERE false;
-- migrate:down
DROP TABLE search_documents;
