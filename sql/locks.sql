-- What a step will lock is known before it runs: each statement is looked at with migrate.locks(),
-- then run, and what pg_locks shows is compared. A difference is printed.
CREATE DATABASE regress_locks;
\c regress_locks
CREATE EXTENSION migrate;
SET client_min_messages = warning;
CREATE SCHEMA t;
SET search_path = t, public;
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE users (id int PRIMARY KEY, name text, email varchar(50), n int, nn int NOT NULL,
    m mood DEFAULT 'a');
CREATE INDEX users_email_idx ON users (email);
CREATE UNIQUE INDEX users_n_uniq ON users (n);
CREATE TABLE orders (id int PRIMARY KEY, user_id int, amount int, note text);
CREATE TABLE child (id int PRIMARY KEY, user_id int REFERENCES users (id));
CREATE TABLE part (id int, d int, x text) PARTITION BY RANGE (d);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (1000);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (1000) TO (2000);
CREATE TABLE part_default PARTITION OF part DEFAULT;
CREATE TABLE outside (id int, d int, x text);
CREATE TABLE parent (id int);
CREATE TABLE heir () INHERITS (parent);
CREATE MATERIALIZED VIEW mv AS SELECT nn AS id, name FROM users;
CREATE UNIQUE INDEX ON mv (id);
CREATE VIEW vw AS SELECT nn, name FROM users;
CREATE FUNCTION trgf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER trg BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION trgf();
CREATE RULE rul AS ON DELETE TO orders DO ALSO SELECT 1;
CREATE POLICY pol ON orders USING (true);
ALTER TABLE orders ADD CONSTRAINT fk_nv FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT chk_nv CHECK (amount > 0) NOT VALID;
CREATE SEQUENCE sq;

CREATE TABLE public.statements (number int GENERATED ALWAYS AS IDENTITY, statement text);
INSERT INTO public.statements (statement) VALUES
    ('ALTER TABLE users ADD COLUMN z int DEFAULT 1'),
    ('ALTER TABLE users ADD COLUMN z int REFERENCES orders (id)'),
    ('ALTER TABLE users DROP COLUMN email'),
    ('ALTER TABLE users DROP COLUMN id CASCADE'),
    ('ALTER TABLE users ALTER COLUMN n SET NOT NULL'),
    ('ALTER TABLE users ALTER COLUMN email TYPE text'),
    ('ALTER TABLE users ALTER COLUMN n TYPE bigint'),
    ('ALTER TABLE child ALTER COLUMN id TYPE bigint'),
    ('ALTER TABLE child ALTER COLUMN user_id TYPE bigint'),
    ('ALTER TABLE users RENAME COLUMN email TO mail'),
    ('ALTER TABLE users RENAME TO people'),
    ('ALTER TABLE part RENAME COLUMN x TO y'),
    ('ALTER INDEX users_email_idx RENAME TO other'),
    ('ALTER TABLE users RENAME CONSTRAINT users_pkey TO other'),
    ('ALTER TABLE users ADD CONSTRAINT c CHECK (n > 0)'),
    ('ALTER TABLE orders VALIDATE CONSTRAINT chk_nv'),
    ('ALTER TABLE orders VALIDATE CONSTRAINT fk_nv'),
    ('ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id)'),
    ('ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID'),
    ('ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX users_n_uniq'),
    ('ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE'),
    ('ALTER TABLE child DROP CONSTRAINT child_user_id_fkey'),
    ('DROP TABLE child'),
    ('DROP TABLE users CASCADE'),
    ('DROP TABLE part'),
    ('DROP TABLE part_1'),
    ('DROP TABLE parent CASCADE'),
    ('DROP INDEX users_email_idx'),
    ('DROP VIEW vw'),
    ('DROP MATERIALIZED VIEW mv'),
    ('DROP SEQUENCE sq'),
    ('DROP TRIGGER trg ON orders'),
    ('DROP RULE rul ON orders'),
    ('DROP POLICY pol ON orders'),
    ('TRUNCATE orders'),
    ('TRUNCATE users CASCADE'),
    ('TRUNCATE part'),
    ('CREATE INDEX ON users (name)'),
    ('CREATE INDEX ON part (id)'),
    ('CREATE INDEX ON ONLY part (id)'),
    ('REINDEX INDEX users_email_idx'),
    ('REINDEX TABLE users'),
    ('CLUSTER users USING users_pkey'),
    ('CREATE TRIGGER tt BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION trgf()'),
    ('CREATE TRIGGER tt BEFORE INSERT ON part FOR EACH ROW EXECUTE FUNCTION trgf()'),
    ('ALTER TABLE orders DISABLE TRIGGER trg'),
    ('CREATE RULE rr AS ON INSERT TO users DO ALSO SELECT 1'),
    ('CREATE POLICY pp ON users USING (true)'),
    ('ALTER POLICY pol ON orders USING (false)'),
    ('ALTER TABLE users ENABLE ROW LEVEL SECURITY'),
    ('ALTER TABLE users SET (fillfactor = 70)'),
    ('ALTER TABLE users ALTER COLUMN name SET STATISTICS 500'),
    ('ALTER TABLE users SET SCHEMA public'),
    ('ALTER TABLE users OWNER TO CURRENT_USER'),
    ('ALTER TABLE users CLUSTER ON users_pkey'),
    ('COMMENT ON TABLE users IS ''x'''),
    ('COMMENT ON COLUMN users.name IS ''x'''),
    ('GRANT SELECT ON users TO PUBLIC'),
    ('ANALYZE users'),
    ('CREATE STATISTICS st ON n, nn FROM users'),
    ('CREATE TABLE fresh (id int REFERENCES users (id), o int, FOREIGN KEY (o) REFERENCES orders)'),
    ('CREATE TABLE fresh () INHERITS (parent)'),
    ('CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (2000) TO (3000)'),
    ('ALTER TABLE part ATTACH PARTITION outside FOR VALUES FROM (3000) TO (4000)'),
    ('ALTER TABLE part DETACH PARTITION part_1'),
    ('ALTER TABLE part ADD COLUMN z int'),
    ('ALTER TABLE ONLY parent ADD CONSTRAINT c CHECK (id > 0) NO INHERIT'),
    ('ALTER TABLE parent ADD COLUMN z int'),
    ('ALTER TABLE outside INHERIT parent'),
    ('CREATE OR REPLACE VIEW vw AS SELECT nn, name FROM users'),
    ('REFRESH MATERIALIZED VIEW mv'),
    ('REFRESH MATERIALIZED VIEW CONCURRENTLY mv'),
    ('ALTER TYPE mood RENAME VALUE ''a'' TO ''c'''),
    ('LOCK TABLE part IN SHARE MODE'),
    ('LOCK TABLE ONLY parent IN EXCLUSIVE MODE'),
    ('INSERT INTO users (id, nn) VALUES (1, 1)'),
    ('UPDATE users SET name = ''x'''),
    ('DELETE FROM outside'),
    ('ALTER TABLE child DROP COLUMN user_id'),
    ('ALTER SEQUENCE sq INCREMENT 2');

-- Of the relations that are there now, in the order of strength; reading needs no plan.
CREATE FUNCTION strength(mode text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position('{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,
        ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}'::text[], mode)
$$;
CREATE FUNCTION taken(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    -- What is done to an index under a lock on its table is no matter, but for REINDEX.
    before oid[] := ARRAY(SELECT oid FROM pg_class WHERE relnamespace = 't'::regnamespace
                          AND (relkind <> 'i' OR statement LIKE 'REINDEX%'));
    names jsonb := (SELECT jsonb_object_agg(oid, oid::regclass::text) FROM pg_class
                    WHERE relnamespace = 't'::regnamespace);
    found jsonb;
BEGIN
    BEGIN
        EXECUTE statement;
        SELECT jsonb_object_agg(names->>(relation::text), mode) INTO found
        FROM (SELECT DISTINCT ON (relation) relation, mode FROM pg_locks
              WHERE pid = pg_backend_pid() AND relation = ANY (before) AND strength(mode) > 2
              ORDER BY relation, strength(mode) DESC) q;
        RAISE SQLSTATE 'ZZ999';
    EXCEPTION WHEN SQLSTATE 'ZZ999' THEN
        RETURN coalesce(found, '{}');
    END;
END
$$;
CREATE FUNCTION planned(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    found jsonb;
BEGIN
    PERFORM migrate.revision('x', statement, revision_id => 'x1');
    SELECT jsonb_object_agg(l.relation::regclass::text, mode) INTO found FROM migrate.locks() l
    WHERE l.relation::regclass::text NOT LIKE 'migrate.%';
    PERFORM migrate.remove('x1');
    RETURN coalesce(found, '{}');
END
$$;
CREATE TABLE public.result AS
    SELECT number, statement, planned(statement) AS planned, taken(statement) AS taken
    FROM statements;

-- Taken without having been planned: only what depends on what a CASCADE drops
SELECT statement, t.key AS relation, r.planned->>t.key AS planned, t.value AS taken
FROM result r, jsonb_each_text(taken) t
WHERE strength(t.value) > coalesce(strength(r.planned->>t.key), 0)
ORDER BY number, relation;

-- Planned without having been taken
SELECT statement, p.key AS relation, p.value AS planned, r.taken->>p.key AS taken
FROM result r, jsonb_each_text(planned) p
WHERE strength(p.value) > coalesce(strength(r.taken->>p.key), 0)
ORDER BY number, relation;

SELECT count(*) AS statements, count(*) FILTER (WHERE planned = taken) AS equal FROM result;

-- What the caller may not lock, and what is not there, is not planned
CREATE ROLE regress_nobody;
GRANT USAGE ON SCHEMA migrate, t TO regress_nobody;
SELECT migrate.revision('x', 'ALTER TABLE users ADD z int; INSERT INTO child VALUES (1); DROP TABLE t.nothing; CREATE INDEX CONCURRENTLY ON users (n);', revision_id => 'x2');
SELECT * FROM migrate.locks();
SET ROLE regress_nobody;
SELECT * FROM migrate.locks('upgrade', 'head');
RESET ROLE;
DROP OWNED BY regress_nobody;
DROP ROLE regress_nobody;
\c postgres
DROP DATABASE regress_locks;
