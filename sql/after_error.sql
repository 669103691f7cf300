-- Procedures whose error comes out of functions, outside of any subtransaction: nothing of what was
-- running stays behind, neither for the rest of the procedure nor for the session.
CREATE DATABASE regress_after_error;
\c regress_after_error
CREATE EXTENSION migrate;
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = notice;

CREATE TABLE numbers (id int PRIMARY KEY, n int);
INSERT INTO numbers SELECT i, NULL FROM generate_series(1, 100) i;

CREATE FUNCTION fail(what text, state text) RETURNS boolean LANGUAGE plpgsql STABLE AS
    $$ BEGIN RAISE '%', what USING errcode = state; END $$;
-- A batch has a lock_timeout of its own; what looks at rows besides has none.
CREATE FUNCTION is_open(n int) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM fail('not in a batch', 'P0001');
    END IF;
    RETURN n IS NULL;
END $$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM fail('refused', 'P0001'); RETURN NEW; END $$;
-- What the session does afterwards.
CREATE FUNCTION works() RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN RETURN (SELECT 'works'); END $$;
CREATE PROCEDURE commits() LANGUAGE plpgsql AS
    $$ BEGIN COMMIT; PERFORM works(); ROLLBACK; END $$;
CREATE PROCEDURE goes_on() LANGUAGE plpgsql AS $$ BEGIN
    COMMIT;
    CALL migrate.backfill('numbers', 'n = 1', 'is_open(n)');
END $$;

-- Between the batches.
CALL migrate.backfill('numbers', 'n = 1', 'is_open(n)');
SELECT command, status, message FROM migrate.runs ORDER BY run DESC LIMIT 1;
SELECT works();
CALL commits();
UPDATE numbers SET n = NULL;
CALL goes_on();
SELECT command, status, message FROM migrate.runs ORDER BY run DESC LIMIT 1;
CALL commits();
DO $$ BEGIN CALL migrate.backfill('numbers', 'n = 1', 'is_open(n)'); END $$;
BEGIN;
SELECT works();
COMMIT;

-- In a batch, and at its commit.
UPDATE numbers SET n = NULL;
CREATE TRIGGER refuse BEFORE UPDATE ON numbers FOR EACH ROW EXECUTE FUNCTION refuse();
CALL migrate.backfill('numbers', 'n = 1', 'n IS NULL');
SELECT works();
CALL commits();
DROP TRIGGER refuse ON numbers;
CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON numbers DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse();
CALL migrate.backfill('numbers', 'n = 1', 'n IS NULL');
SELECT works();
CALL commits();
DROP TRIGGER refuse ON numbers;
SELECT command, status, message FROM migrate.runs ORDER BY run DESC LIMIT 2;

-- While looking for rows that violate, and while validating.
CALL migrate.add_check('numbers', 'fail(''looked at'', ''P0001'')', 'checked');
SELECT works();
CALL commits();
CALL migrate.add_check('numbers', 'fail(''looked at'', ''23514'')', 'checked');
ALTER TABLE numbers ADD CONSTRAINT checked CHECK (fail('looked at', '23514')) NOT VALID;
CALL migrate.add_check('numbers', 'fail(''looked at'', ''23514'')', 'checked');
SELECT works();
CALL commits();
CALL migrate.create_index('numbers', '(n) WHERE n > 0', is_unique => true);
ALTER FUNCTION fail IMMUTABLE;
CALL migrate.create_index('numbers', '(fail(''indexed'', ''P0001''))');
SELECT works();
CALL commits();
SELECT command, status, message FROM migrate.runs ORDER BY run DESC LIMIT 3;
SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;

-- The session is as good as new.
ALTER TABLE numbers DROP CONSTRAINT checked;
DROP INDEX numbers_n_idx;
CALL migrate.backfill('numbers', 'n = 1', 'n IS NULL');
SELECT count(*) FROM numbers WHERE n = 1;

\c postgres
DROP DATABASE regress_after_error;
