-- Every revision up, down and up again: a loop that fits any project.
BEGIN;
SELECT migrate.load(jsonb_build_object(
    '0001_a.sql', E'-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;\n',
    '0002_b.sql', E'-- migrate:up\nCREATE VIEW b AS SELECT id FROM a;\n-- migrate:down\nDROP VIEW b;\n',
    '0003_c.sql', E'-- migrate:up\nCREATE FUNCTION c() RETURNS int LANGUAGE sql AS ''SELECT 1'';\n-- migrate:down\nDROP FUNCTION c();\n'));
SELECT plan((3 * count(*))::int + 2) FROM migrate.pending();

CREATE FUNCTION pg_temp.up_down_up() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    next text;
BEGIN
    LOOP
        SELECT revision INTO next FROM migrate.pending() ORDER BY step LIMIT 1;
        EXIT WHEN next IS NULL;
        RETURN NEXT lives_ok(format('SELECT migrate.upgrade(%L)', next), next || ' goes up');
        RETURN NEXT lives_ok($q$SELECT migrate.downgrade('-1')$q$, next || ' goes down');
        RETURN NEXT lives_ok(format('SELECT migrate.upgrade(%L)', next), next || ' goes up again');
    END LOOP;
END $$;
SELECT * FROM pg_temp.up_down_up();
SELECT has_view('b');
SELECT is(c(), 1);
SELECT * FROM finish();
ROLLBACK;
