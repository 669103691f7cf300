-- migrate:message Add users
-- migrate:up
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    full_name text,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE users IS 'Whoever may sign in; an address is never used twice.';
-- migrate:verify
SELECT id, email, full_name, created_at FROM users WHERE false;
-- migrate:down
DROP TABLE users;
