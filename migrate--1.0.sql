\echo Use "CREATE EXTENSION migrate" to load this file. \quit

-- A schema that somebody else has prepared, or may fill or drop later on, could catch our callers.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_namespace n
               JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner
               WHERE n.nspname = 'migrate' AND NOT r.rolsuper
                     AND r.oid <> '@extowner@'::pg_catalog.regrole) THEN
        RAISE EXCEPTION 'schema "migrate" belongs to another role'
            USING ERRCODE = 'duplicate_schema',
                  HINT = 'Drop or rename it, then create the extension again.';
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_proc
               WHERE pronamespace = 'migrate'::pg_catalog.regnamespace)
       OR EXISTS (SELECT FROM pg_catalog.pg_class
                  WHERE relnamespace = 'migrate'::pg_catalog.regnamespace)
       OR EXISTS (SELECT FROM pg_catalog.pg_type
                  WHERE typnamespace = 'migrate'::pg_catalog.regnamespace)
       OR EXISTS (SELECT FROM pg_catalog.pg_operator
                  WHERE oprnamespace = 'migrate'::pg_catalog.regnamespace) THEN
        RAISE EXCEPTION 'schema "migrate" is not empty'
            USING ERRCODE = 'duplicate_schema',
                  HINT = 'Drop or rename what is in it, then create the extension again.';
    END IF;
END
$$;

------------------------------------------------------------------------------------------------
-- Tables. They are written from C only, below SQL; the constraints say what holds, and keep it
-- when a dump is restored. Text keys are COLLATE "C": names are bytes here.

CREATE TABLE migrate.revision (
    id text COLLATE "C" PRIMARY KEY,
    seq bigint NOT NULL UNIQUE,                  -- order of creation: breaks every tie
    message text NOT NULL,
    path text COLLATE "C" UNIQUE,                -- the file it was loaded from
    follows_path boolean NOT NULL,               -- its parent is the file before it
    checksum bytea NOT NULL,                     -- SHA-256 of the sections
    script_checksum bytea NOT NULL,              -- SHA-256 of the whole script
    loaded_by text NOT NULL,
    loaded_at timestamptz NOT NULL,
    up_statements int NOT NULL,
    down_statements int,                         -- NULL: no downgrade section
    up_transactional boolean NOT NULL,
    down_transactional boolean NOT NULL,
    adds_enum_value boolean NOT NULL             -- whether it commits depends on the plan
);
COMMENT ON TABLE migrate.revision IS 'The revisions: one row each, without the script.';

CREATE TABLE migrate.revision_parent (
    revision text COLLATE "C" NOT NULL REFERENCES migrate.revision ON DELETE CASCADE,
    position int NOT NULL,
    parent text COLLATE "C" NOT NULL REFERENCES migrate.revision,
    PRIMARY KEY (revision, position),
    CHECK (revision <> parent)
);
COMMENT ON TABLE migrate.revision_parent IS 'Which revisions a revision follows, in order.';

CREATE TABLE migrate.revision_dependency (
    revision text COLLATE "C" NOT NULL REFERENCES migrate.revision ON DELETE CASCADE,
    position int NOT NULL,
    depends_on text COLLATE "C" NOT NULL,        -- a revision or a branch label
    PRIMARY KEY (revision, position)
);
COMMENT ON TABLE migrate.revision_dependency IS
    'What must be applied before a revision without being its parent.';

CREATE TABLE migrate.branch_label (
    revision text COLLATE "C" NOT NULL REFERENCES migrate.revision ON DELETE CASCADE,
    position int NOT NULL,
    label text COLLATE "C" NOT NULL UNIQUE,
    PRIMARY KEY (revision, position)
);
COMMENT ON TABLE migrate.branch_label IS 'Branch labels and the revisions that declare them.';

CREATE TABLE migrate.revision_script (
    revision text COLLATE "C" PRIMARY KEY REFERENCES migrate.revision ON DELETE CASCADE,
    script text NOT NULL
);
COMMENT ON TABLE migrate.revision_script IS 'The scripts, as load() was given them.';

CREATE TABLE migrate.applied (
    revision text COLLATE "C" PRIMARY KEY REFERENCES migrate.revision,
    applied_at timestamptz NOT NULL,
    applied_by text NOT NULL,
    method text NOT NULL CHECK (method IN ('upgrade', 'stamp')),
    run bigint,
    checksum bytea NOT NULL                      -- of the sections that ran
);
COMMENT ON TABLE migrate.applied IS 'The ledger: the revisions that are applied.';

CREATE TABLE migrate.unfinished (
    revision text COLLATE "C" PRIMARY KEY REFERENCES migrate.revision,
    direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
    done int NOT NULL,                           -- statements that have committed
    in_flight int,                               -- the one that was running, from 1
    run bigint NOT NULL,
    checksum bytea NOT NULL,
    found text[],                                -- OIDs that the next statement found, once begun
    CHECK (in_flight = done + 1)
);
COMMENT ON TABLE migrate.unfinished IS
    'Revisions that commit on the way and have not come to their end.';

CREATE TABLE migrate.run (
    id bigint PRIMARY KEY,
    command text NOT NULL,
    target text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'interrupted')),
    host text NOT NULL CHECK (host IN ('inline', 'worker', 'session')),
    requested_by text NOT NULL,
    role text NOT NULL,
    application text NOT NULL,
    client text NOT NULL,
    pid int,
    from_heads text[],
    to_heads text[],
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    sqlstate text,
    message text,
    detail text,
    hint text,
    context text,
    settings text[] NOT NULL,
    queued_steps text[]                          -- what it will do; NULL: whatever is pending then
);
COMMENT ON TABLE migrate.run IS 'Every execution of a plan.';

CREATE TABLE migrate.run_step (
    run bigint NOT NULL,
    step int NOT NULL,
    revision text COLLATE "C" NOT NULL,
    direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
    message text NOT NULL,
    status text NOT NULL CHECK (status IN ('done', 'failed')),
    statements int NOT NULL,
    started_at timestamptz NOT NULL,
    duration interval NOT NULL,
    PRIMARY KEY (run, step)
);
COMMENT ON TABLE migrate.run_step IS 'The steps of the runs.';

CREATE TABLE migrate.state (
    name text COLLATE "C" PRIMARY KEY CHECK (name IN ('graph', 'ledger', 'schema')),
    total bigint NOT NULL,                       -- revisions known; applied; applied when recorded
    last bigint NOT NULL,                        -- the largest seq ever given; how it is written
    heads text[] NOT NULL                        -- of the graph; applied; applied when recorded
);
COMMENT ON TABLE migrate.state IS
    'Sums over the other tables, so that an upgrade with nothing to do need not read them.';

CREATE TABLE migrate.schema_object (
    number bigint PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    identity text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,                  -- SHA-256 of the definition
    definition text NOT NULL                     -- a line for the object, and for each of its parts
);
COMMENT ON TABLE migrate.schema_object IS
    'The schema as the migrations have left it: a row for each object with its parts.';

CREATE TABLE migrate.recording (
    role text COLLATE "C" PRIMARY KEY,
    requested_by text NOT NULL,
    started_at timestamptz NOT NULL,
    total bigint NOT NULL,                       -- revisions applied then
    heads text[] NOT NULL,                       -- the same
    definition text NOT NULL                     -- the schema, a line for each object
);
COMMENT ON TABLE migrate.recording IS
    'Recordings that migrate.record(true) has begun: the schema as it was then.';

CREATE VIEW migrate.runs AS
    SELECT r.id AS run, r.command, r.target,
           CASE WHEN (r.status = 'running' OR r.status = 'queued' AND r.queued_steps IS NULL)
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = r.pid)
                THEN 'interrupted' ELSE r.status END AS status,
           r.host, r.pid, r.requested_by, r.role, r.application, r.client, r.from_heads, r.to_heads,
           r.started_at, r.ended_at - r.started_at AS duration, r.sqlstate,
           CASE WHEN v.may THEN r.message END AS message,
           CASE WHEN v.may THEN r.detail END AS detail,
           CASE WHEN v.may THEN r.hint END AS hint,
           CASE WHEN v.may THEN r.context END AS context
    FROM migrate.run r
    CROSS JOIN LATERAL (
        SELECT r.role = CURRENT_USER OR pg_catalog.pg_has_role(c.relowner, 'USAGE') AS may
        FROM pg_catalog.pg_class c WHERE c.oid = 'migrate.run'::pg_catalog.regclass) v
    ORDER BY r.id;
COMMENT ON VIEW migrate.runs IS
    'Every run, oldest first. The texts of errors are shown to the role that ran it and to the owner of the extension: they may hold data.';

CREATE VIEW migrate.run_steps AS
    SELECT run, step, revision, direction, message, status, statements, started_at, duration
    FROM migrate.run_step ORDER BY run, step;
COMMENT ON VIEW migrate.run_steps IS 'The steps of every run.';

CREATE TABLE migrate.backfill_job (
    id bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('backfill', 'purge')),
    relation bigint NOT NULL,                    -- OID
    relation_name text NOT NULL,
    assignments text,                            -- NULL: purge
    condition text,                              -- NULL: derived from the assignments
    run bigint NOT NULL,                         -- the last one that worked on it
    revision text COLLATE "C",                   -- of the script that calls it; NULL: by hand
    direction text CHECK (direction IN ('upgrade', 'downgrade')),
    statement int,                               -- of the script, from 1
    done boolean NOT NULL,
    round int NOT NULL,                          -- 0: the first time over the table
    rows bigint NOT NULL,                        -- the sums of ranges that are no longer there
    batches bigint NOT NULL,
    longest interval NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
COMMENT ON TABLE migrate.backfill_job IS 'Batched data changes: one row for each job.';

CREATE TABLE migrate.backfill_range (
    job bigint NOT NULL REFERENCES migrate.backfill_job ON DELETE CASCADE,
    number int NOT NULL,
    round int NOT NULL,
    leaf bigint NOT NULL,                        -- OID of the table or partition
    filenode bigint NOT NULL,                    -- the blocks are those of this file
    from_block bigint NOT NULL,
    to_block bigint NOT NULL,
    region bigint NOT NULL,                      -- blocks that are gone over stripe by stripe
    region_end bigint NOT NULL,
    stripe int NOT NULL,
    next_block bigint NOT NULL,
    after_key text[],                            -- by key: the last one that was done
    last_key text[],
    rows bigint NOT NULL,
    batches bigint NOT NULL,
    longest interval NOT NULL,
    done boolean NOT NULL,
    PRIMARY KEY (job, number)
);
COMMENT ON TABLE migrate.backfill_range IS
    'How far an unfinished batched change is; written in the transaction of each batch.';

CREATE VIEW migrate.backfills AS
    SELECT j.id AS job, j.run, j.relation_name AS relation, j.kind,
           CASE WHEN v.may THEN j.assignments END AS assignments,
           CASE WHEN v.may THEN j.condition END AS condition,
           CASE WHEN j.done THEN 'done' WHEN r.status = 'running' THEN 'running'
                ELSE 'unfinished' END AS status,
           j.revision, j.rows + s.rows AS rows, j.batches + s.batches AS batches,
           greatest(j.longest, s.longest) AS longest_batch, j.started_at,
           CASE WHEN j.done THEN j.ended_at ELSE pg_catalog.clock_timestamp() END - j.started_at
               AS duration
    FROM migrate.backfill_job j
    LEFT JOIN migrate.runs r ON r.run = j.run
    LEFT JOIN migrate.run o ON o.id = j.run
    CROSS JOIN LATERAL (
        SELECT coalesce(pg_catalog.sum(b.rows), 0)::bigint AS rows,
               coalesce(pg_catalog.sum(b.batches), 0)::bigint AS batches,
               pg_catalog.max(b.longest) AS longest
        FROM migrate.backfill_range b WHERE b.job = j.id) s
    CROSS JOIN LATERAL (
        SELECT o.role = CURRENT_USER OR pg_catalog.pg_has_role(c.relowner, 'USAGE') AS may
        FROM pg_catalog.pg_class c WHERE c.oid = 'migrate.run'::pg_catalog.regclass) v
    ORDER BY j.id;
COMMENT ON VIEW migrate.backfills IS
    'Every batched data change, oldest first; duration is that from its first start. The texts are shown to the role that ran it and to the owner of the extension: they may hold data.';

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT relname FROM pg_catalog.pg_class
                WHERE relnamespace = 'migrate'::pg_catalog.regnamespace AND relkind = 'r' LOOP
        EXECUTE pg_catalog.format('ALTER TABLE migrate.%I OWNER TO @extowner@', name);
        PERFORM pg_catalog.pg_extension_config_dump(
            pg_catalog.format('migrate.%I', name)::pg_catalog.regclass, '');
    END LOOP;
    ALTER VIEW migrate.runs OWNER TO @extowner@;
    ALTER VIEW migrate.run_steps OWNER TO @extowner@;
    ALTER VIEW migrate.backfills OWNER TO @extowner@;
END
$$;

GRANT USAGE ON SCHEMA migrate TO PUBLIC;
GRANT SELECT ON migrate.runs, migrate.run_steps, migrate.backfills, migrate.revision, migrate.revision_parent,
    migrate.revision_dependency, migrate.branch_label, migrate.applied, migrate.unfinished
    TO PUBLIC;

------------------------------------------------------------------------------------------------
-- Authoring

CREATE FUNCTION migrate.revision(
    message text, upgrade text, downgrade text = NULL, verify text = NULL,
    revision_id text = NULL, head text[] = '{head}', splice boolean = false,
    branch_labels text[] = '{}', depends_on text[] = '{}', keep_data boolean = false) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_revision';
COMMENT ON FUNCTION migrate.revision(text, text, text, text, text, text[], boolean, text[], text[], boolean) IS
    'Adds a revision on top of head (targets; {base}: a new base) and returns its id, 12 hex digits unless given. downgrade auto: it is derived, for the database as it is now, as derive_downgrade() does; with keep_data the upgrade keeps aside what it would drop (kept()). Errors: MG006 (the derived downgrade cannot be proven), those of the upgrade where it is tried, MG001, MG002, MG003 (several heads), MG008 (name in use), MG010 (script, with its line), MG014 (parent is no head and not splice). Semantics: alembic revision.';

CREATE FUNCTION migrate.merge(
    message text, revisions text[] = '{heads}', revision_id text = NULL,
    branch_labels text[] = '{}', depends_on text[] = '{}') RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_merge';
COMMENT ON FUNCTION migrate.merge(text, text[], text, text[], text[]) IS
    'Adds an empty revision whose parents are the given ones and returns its id. Errors: MG001, MG002, MG008, MG014 (fewer than two). Semantics: alembic merge.';

-- One of target (DDL: the whole schema that is wanted, as pg_dump -s writes it, or by hand),
-- target_schema (a schema of this database, compared with the one in schemas) and target_database.
CREATE FUNCTION migrate.autogenerate(
    message text, target text = NULL, target_schema text = NULL, target_database text = NULL,
    schemas text[] = '{}', exclude_kinds text[] = '{}', exclude text[] = '{}', renames jsonb = '{}',
    rename_threshold real = 0.9, online boolean = false, dry_run boolean = false,
    revision_id text = NULL, head text[] = '{head}') RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_autogenerate';
COMMENT ON FUNCTION migrate.autogenerate(text, text, text, text, text[], text[], text[], jsonb, real, boolean, boolean, text, text[]) IS
    'Adds the revision that turns the schema of this database into the wanted one (target: DDL text; target_schema: a schema of this database in place of the one in schemas; target_database: another database of the cluster), with its downgrade, and returns its id; NULL when there is no difference. Both scripts are proven in a subtransaction that is rolled back. schemas: only these, not quoted ({}: all, and what is in no schema); exclude_kinds: kinds as migrate.diff() shows them, and owner, grant, comment, security label; exclude: patterns of names or schema.name with * and ?; renames: {"old identity": "new identity" or null}; rename_threshold: renames of at least that confidence (0 to 1) are taken without being said; online: forms that keep nobody waiting; dry_run: returns the script. Errors: those of target''s statements, 22023, 3D000 (no such database), 53400 (no background worker free for it), MG014 (revisions are pending), MG009 (one is half applied), and of migrate.revision().';

CREATE FUNCTION migrate.diff(
    target text = NULL, target_schema text = NULL, target_database text = NULL,
    schemas text[] = '{}', exclude_kinds text[] = '{}', exclude text[] = '{}', renames jsonb = '{}',
    rename_threshold real = 0.9, online boolean = false,
    OUT kind text, OUT object text, OUT change text, OUT hazard text, OUT up text, OUT down text)
    RETURNS SETOF record
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_diff';
COMMENT ON FUNCTION migrate.diff(text, text, text, text[], text[], text[], jsonb, real, boolean) IS
    'What migrate.autogenerate() would do with the same arguments, object by object: what changes, what that may do to rows and to others, the statements and those that take them back. Nothing stays.';

CREATE FUNCTION migrate.diff_sql(
    target text = NULL, target_schema text = NULL, target_database text = NULL,
    schemas text[] = '{}', exclude_kinds text[] = '{}', exclude text[] = '{}', renames jsonb = '{}',
    rename_threshold real = 0.9, online boolean = false) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_diff_sql';
COMMENT ON FUNCTION migrate.diff_sql(text, text, text, text[], text[], text[], jsonb, real, boolean) IS
    'The statements of migrate.diff() in the order in which they run, as one text; empty when there is no difference.';

CREATE FUNCTION migrate.accept_drift(
    message text, prove boolean = true, revision_id text = NULL, head text[] = '{head}')
    RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_accept_drift';
COMMENT ON FUNCTION migrate.accept_drift(text, boolean, text, text[]) IS
    'Makes a revision of what drift() shows, on top of head, stamps it as applied and records the schema as it is. Returns its id; NULL, with a NOTICE, where nothing has drifted. prove: downgrade and upgrade are tried in a subtransaction, which locks what has drifted; prove => false stores them as they are. Errors: MG003 (several heads), MG008 (name in use), MG009 (half applied), MG014 (the database is not at its heads); what the statements raise.';

CREATE FUNCTION migrate.record("on" boolean) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_record';
COMMENT ON FUNCTION migrate.record(boolean) IS
    'true keeps the schema as it is now, in this database and for the current role, until record_as(); false forgets it. Errors: 55000 (true: a recording of the role goes on; false: none does).';

CREATE FUNCTION migrate.record_as(
    message text, prove boolean = true, revision_id text = NULL, head text[] = '{head}')
    RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_record_as';
COMMENT ON FUNCTION migrate.record_as(text, boolean, text, text[]) IS
    'Makes a revision of what has changed since record(true), whoever changed it, stamps it as applied and ends the recording. Returns its id; NULL, with a NOTICE, where nothing has changed. prove and errors: as accept_drift(), and 55000 (no recording; revisions were applied or taken back meanwhile).';

CREATE FUNCTION migrate.edit(
    revision text, message text = NULL, upgrade text = NULL, downgrade text = NULL,
    verify text = NULL, keep_data boolean = false) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_edit';
COMMENT ON FUNCTION migrate.edit(text, text, text, text, text, boolean) IS
    'Changes parts of a revision that is not applied; NULL keeps a part; downgrade auto and keep_data as revision(). Errors: MG001, MG002, MG004 (applied), MG009 (half applied), MG010.';

CREATE FUNCTION migrate.derive_downgrade(upgrade text, keep_data boolean = false) RETURNS text
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_derive_downgrade';
COMMENT ON FUNCTION migrate.derive_downgrade(text, boolean) IS
    'The downgrade of an upgrade, for the database as it is now: the upgrade runs, what has changed is taken back, compared with what was there, and all is rolled back. Comments say what it does not bring back; what is not as before is a comment and a WARNING. With keep_data both sections, of an upgrade that keeps aside what it would drop. Errors: those of the upgrade, with its line; MG010; 55P03 (locks).';

CREATE FUNCTION migrate.remove(revision text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_remove';
COMMENT ON FUNCTION migrate.remove(text) IS
    'Removes a revision that is not applied and that no other follows or depends on. Errors: MG001, MG002, MG004 (applied), MG008 (others need it), MG009 (half applied).';

CREATE FUNCTION migrate.load(path text, script text,
    OUT path text, OUT revision text, OUT status text) RETURNS SETOF record
    LANGUAGE c ROWS 1 AS 'MODULE_PATHNAME', 'migrate_load_file';
COMMENT ON FUNCTION migrate.load(text, text) IS
    'Stores one script file; path is its name (without markers: id and message) and decides which file it follows. Status: new, unchanged or changed. Errors: as load(jsonb).';

CREATE FUNCTION migrate.load(files jsonb,
    OUT path text, OUT revision text, OUT status text) RETURNS SETOF record
    LANGUAGE c ROWS 100 AS 'MODULE_PATHNAME', 'migrate_load_files';
COMMENT ON FUNCTION migrate.load(jsonb) IS
    'Stores a tree of script files, {"path": "text"}, in any order: all or nothing, and idempotent. Returns a row per file, by path. Errors: MG004 (the script of an applied revision changed), MG008 (graph), MG010 (script; file, line and column, further problems in DETAIL).';

CREATE FUNCTION migrate.load_dir(directory text,
    OUT path text, OUT revision text, OUT status text) RETURNS SETOF record
    LANGUAGE c ROWS 100 AS 'MODULE_PATHNAME', 'migrate_load_directory';
COMMENT ON FUNCTION migrate.load_dir(text) IS
    'load() of every *.sql file in a directory of the server. For members of pg_read_server_files; others get 42501.';

CREATE FUNCTION migrate.script(revision text) RETURNS text
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'migrate_script';
COMMENT ON FUNCTION migrate.script(text) IS
    'The script of a revision, as load() takes it. Errors: MG001, MG002, MG003.';

CREATE FUNCTION migrate.export(range text = 'base:heads', OUT path text, OUT script text)
    RETURNS SETOF record
    LANGUAGE c STABLE ROWS 100 AS 'MODULE_PATHNAME', 'migrate_export';
COMMENT ON FUNCTION migrate.export(text) IS
    'The scripts of a range of revisions (as history() takes it) by path; load() of them changes nothing. Errors: MG001, MG002, MG014.';

------------------------------------------------------------------------------------------------
-- Applying

CREATE FUNCTION migrate.upgrade(target text = 'head', wait boolean = true,
    OUT step int, OUT revision text, OUT direction text, OUT message text, OUT status text,
    OUT duration interval) RETURNS SETOF record
    LANGUAGE c ROWS 10 AS 'MODULE_PATHNAME', 'migrate_upgrade';
COMMENT ON FUNCTION migrate.upgrade(text, boolean) IS
    'Applies what is pending for the target, in order; returns the steps. All transactional: in the caller''s transaction. Otherwise in a background worker, one transaction a revision. In a transaction block what cannot run there is queued until after its commit (status queued; migrate.in_transaction_block = error: MG007); with wait => false everything is. Errors: MG001, MG002, MG003, MG004, MG005, MG007, MG009, MG011, MG013, MG014; 25006 on a standby; 53400 without a free worker; what the scripts raise. Semantics: alembic upgrade.';

CREATE FUNCTION migrate.downgrade(target text, wait boolean = true,
    OUT step int, OUT revision text, OUT direction text, OUT message text, OUT status text,
    OUT duration interval) RETURNS SETOF record
    LANGUAGE c ROWS 10 AS 'MODULE_PATHNAME', 'migrate_downgrade';
COMMENT ON FUNCTION migrate.downgrade(text, boolean) IS
    'Takes revisions back down to the target (base: all); returns the steps. Errors: as upgrade(), and MG006 for a revision without a downgrade section. Semantics: alembic downgrade.';

CREATE PROCEDURE migrate.upgrade_online(target text = 'head')
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_upgrade_online';
COMMENT ON PROCEDURE migrate.upgrade_online(text) IS
    'upgrade() in a background worker, one transaction a revision, with no snapshot held while it waits: the form for long work. Not in a transaction block (MG007). Errors: as upgrade().';

CREATE PROCEDURE migrate.downgrade_online(target text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_downgrade_online';
COMMENT ON PROCEDURE migrate.downgrade_online(text) IS
    'downgrade() in a background worker, as upgrade_online() does. Errors: as downgrade().';

CREATE PROCEDURE migrate.wait(run bigint)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_wait';
COMMENT ON PROCEDURE migrate.wait(bigint) IS
    'Waits until a run of migrate.runs has ended, and raises its error if it failed. Starts a queued one that a crash has left without a worker. Not in a transaction block (MG007). Errors: MG014 (no such run), MG009 (its process ended before it could say how), those of the run.';

CREATE FUNCTION migrate.cancel(run bigint) RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_cancel';
COMMENT ON FUNCTION migrate.cancel(bigint) IS
    'Stops a run at its next safe point, or takes it out of the queue; true when there was one to stop. What the run has committed stays, and the next upgrade goes on from there. Errors: 42501 for the run of a role that the caller is no member of.';

CREATE FUNCTION migrate.plan(command text, target text,
    OUT step int, OUT revision text, OUT direction text, OUT message text,
    OUT transactional boolean, OUT statements int, OUT heads_after text[]) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 10 AS 'MODULE_PATHNAME', 'migrate_plan';
COMMENT ON FUNCTION migrate.plan(text, text) IS
    'The steps that command (upgrade or downgrade) would run, and the heads after each. Reads only. Errors: MG001, MG002, MG003, MG008, MG014.';

CREATE FUNCTION migrate.locks(command text = 'upgrade', target text = 'head',
    OUT step int, OUT revision text, OUT direction text, OUT relation text, OUT mode text)
    RETURNS SETOF record
    LANGUAGE c STABLE ROWS 10 AS 'MODULE_PATHNAME', 'migrate_locks';
COMMENT ON FUNCTION migrate.locks(text, text) IS
    'The table locks that the steps of a command will take, as far as the parse trees and the catalogs tell: of relations that exist now and that the caller may lock; the strongest of each. A step gets all of them before it begins. Errors: as plan().';

CREATE FUNCTION migrate.rehearse(target text = 'head', compare_up_to text = '64MB',
    OUT step int, OUT revision text, OUT message text, OUT restores boolean,
    OUT differences text[], OUT rows_changed text[], OUT locks text[], OUT rewritten text[],
    OUT scanned text[], OUT simulated text[], OUT duration interval, OUT error text)
    RETURNS SETOF record
    LANGUAGE c ROWS 10 AS 'MODULE_PATHNAME', 'migrate_rehearse';
COMMENT ON FUNCTION migrate.rehearse(text, text) IS
    'Tries what an upgrade to the target would apply, on this database, and rolls all of it back: each revision up, down and up again. restores: the downgrade gives back the same schema, and the upgrade then the same again; differences: what not. rows_changed: by up and down, in tables of at most compare_up_to. locks (the strongest of each relation), rewritten, scanned, duration: of the upgrade. simulated: statements that cannot run in a transaction, and what was done instead. error: of a script; what comes after it is not tried. Errors: as upgrade() before it begins; 55P03 (locks), 57014 (cancelled), 25006 (standby).';

CREATE FUNCTION migrate.upgrade_sql(target text = 'head') RETURNS text
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'migrate_upgrade_sql';
COMMENT ON FUNCTION migrate.upgrade_sql(text) IS
    'The SQL of an upgrade as one text for psql, with the stamps that keep the ledger. Target: as upgrade(), or a range from:to. Semantics: alembic upgrade --sql.';

CREATE FUNCTION migrate.downgrade_sql(target text) RETURNS text
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'migrate_downgrade_sql';
COMMENT ON FUNCTION migrate.downgrade_sql(text) IS
    'The SQL of a downgrade as one text for psql, with the stamps that keep the ledger. Target: as downgrade(), or a range from:to. Semantics: alembic downgrade --sql.';

CREATE FUNCTION migrate.stamp(revisions text[], purge boolean = false) RETURNS SETOF text
    LANGUAGE c ROWS 2 AS 'MODULE_PATHNAME', 'migrate_stamp';
COMMENT ON FUNCTION migrate.stamp(text[], boolean) IS
    'Says what is applied without running anything, and returns the current heads afterwards. With purge it starts from nothing; purge and an empty array: nothing is applied. Errors: MG001, MG002, MG003, MG014. Semantics: alembic stamp.';

CREATE FUNCTION migrate.resolve(revision text, how text) RETURNS void
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_resolve';
COMMENT ON FUNCTION migrate.resolve(text, text) IS
    'Settles a revision that stopped half way. how: retry (run the interrupted statement again), done (it has run), undo (forget what was done of the revision: you have taken it back). Errors: MG001, MG002, MG014.';

------------------------------------------------------------------------------------------------
-- Batched data changes

CREATE PROCEDURE migrate.backfill(relation regclass, assignments text, condition text = NULL,
    batch text = 'auto', parallel int = 1, target interval = NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_backfill';
COMMENT ON PROCEDURE migrate.backfill(regclass, text, text, text, int, interval) IS
    'UPDATE relation SET assignments WHERE condition, in batches of about target (NULL: migrate.backfill_target), each a transaction of its own, by parallel processes. condition NULL: the rows that the assignments would change. batch: auto, ctid (blocks) or keyset. A call that was interrupted goes on where it stopped when it is made again. Not in a transaction block (MG007). Errors: 42601 (assignments, condition), 22023 (arguments; a condition that stays true for changed rows), 42809 (no table), 55006 (another one is at the table); those of the UPDATE.';

CREATE PROCEDURE migrate.purge(relation regclass, condition text,
    batch text = 'auto', parallel int = 1, target interval = NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_purge';
COMMENT ON PROCEDURE migrate.purge(regclass, text, text, int, interval) IS
    'DELETE FROM relation WHERE condition, in batches, as backfill() does. Errors: as backfill().';

CREATE FUNCTION migrate.pause(run bigint) RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_pause';
COMMENT ON FUNCTION migrate.pause(bigint) IS
    'Makes the batched data change of a run rest before its next batch, holding nothing; true when there is such a run at work. Errors: 42501 for the run of a role that the caller is no member of.';

CREATE FUNCTION migrate.resume(run bigint) RETURNS boolean
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_resume';
COMMENT ON FUNCTION migrate.resume(bigint) IS
    'Ends what pause() began; true when there is such a run at work. Errors: as pause().';

CREATE FUNCTION migrate.tid_in_stripe(tid, stripes int, stripe int) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'migrate_tid_in_stripe';
COMMENT ON FUNCTION migrate.tid_in_stripe(tid, int, int) IS
    'Whether a row is in the stripe (from 0) that a batch of backfill() changes: the number of its line pointer modulo stripes.';
-- Safe forms of dangerous statements

CREATE PROCEDURE migrate.add_not_null(relation regclass, column_name text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_add_not_null';
COMMENT ON PROCEDURE migrate.add_not_null(regclass, text) IS
    'ALTER COLUMN ... SET NOT NULL without a scan under a strong lock: a CHECK that is NOT VALID, its validation, then SET NOT NULL (PostgreSQL 18: a NOT NULL constraint). Call it again after an interruption. Not in a transaction block (MG007). Errors: 23502 (null values; DETAIL says where), 42501, 42703, 55P03 (locks).';

CREATE PROCEDURE migrate.add_check(relation regclass, expression text, constraint_name text = NULL)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_add_check';
COMMENT ON PROCEDURE migrate.add_check(regclass, text, text) IS
    'ADD CONSTRAINT ... CHECK (expression), NOT VALID first and then validated. Without a name PostgreSQL''s own way of naming. Call it again after an interruption. Not in a transaction block (MG007). Errors: 23514 (rows violate it; DETAIL says which), 42501, 42601 (expression), 42710 (another constraint of that name), 55P03 (locks).';

CREATE PROCEDURE migrate.add_foreign_key(
    relation regclass, columns text[], referenced regclass, referenced_columns text[] = NULL,
    constraint_name text = NULL, options text = '')
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_add_foreign_key';
COMMENT ON PROCEDURE migrate.add_foreign_key(regclass, text[], regclass, text[], text, text) IS
    'ADD CONSTRAINT ... FOREIGN KEY, NOT VALID first and then validated; of a partitioned table partition by partition. referenced_columns NULL: the primary key. options: what follows REFERENCES, as in ON DELETE CASCADE DEFERRABLE. Call it again after an interruption. Not in a transaction block (MG007). Errors: 23503 (rows refer to nothing; DETAIL says which), 42501, 42601 (options), 42703, 42704 (no primary key), 42710 (another constraint of that name), 42830, 55P03 (locks).';

CREATE PROCEDURE migrate.add_unique(
    relation regclass, columns text[], constraint_name text = NULL, include text[] = '{}',
    nulls_not_distinct boolean = false)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_add_unique';
COMMENT ON PROCEDURE migrate.add_unique(regclass, text[], text, text[], boolean) IS
    'ADD CONSTRAINT ... UNIQUE by an index that is built concurrently; of a partitioned table partition by partition. nulls_not_distinct: from PostgreSQL 15 on. Call it again after an interruption. Not in a transaction block (MG007). Errors: 23505 (duplicates; DETAIL says which), 42501, 42703, 42710 (another constraint or relation of that name), 55P03 (locks).';

CREATE PROCEDURE migrate.add_primary_key(
    relation regclass, columns text[], constraint_name text = NULL, include text[] = '{}')
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_add_primary_key';
COMMENT ON PROCEDURE migrate.add_primary_key(regclass, text[], text, text[]) IS
    'ADD CONSTRAINT ... PRIMARY KEY by an index that is built concurrently, after its columns have become NOT NULL as by add_not_null(). Call it again after an interruption. Not in a transaction block (MG007). Errors: as add_unique(), and 23502 (null values), 42P16 (there is another primary key).';

CREATE PROCEDURE migrate.create_index(
    relation regclass, definition text, index_name text = NULL, is_unique boolean = false)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_create_index';
COMMENT ON PROCEDURE migrate.create_index(regclass, text, text, boolean) IS
    'CREATE INDEX CONCURRENTLY; of a partitioned table leaf by leaf, attached to the parent''s index. definition: what follows the table, as in (a, lower(b) DESC) INCLUDE (c) WHERE d, or USING gin (e). Without a name PostgreSQL''s own way of naming. An equal index is kept, an invalid one of that name is built again. Call it again after an interruption. Not in a transaction block (MG007). Errors: 0A000 (a partition is a foreign table), 23505 (duplicates; DETAIL says which), 42501, 42601 (definition), 42710 (another relation of that name), 55P03 (locks).';

CREATE PROCEDURE migrate.reindex(relation regclass)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_reindex';
COMMENT ON PROCEDURE migrate.reindex(regclass) IS
    'REINDEX ... CONCURRENTLY of an index or of all indexes of a table, partitioned or not. Copies that an interrupted REINDEX CONCURRENTLY has left are dropped first. Not in a transaction block (MG007). Errors: 42501, those of REINDEX.';

CREATE PROCEDURE migrate.drop_index(index regclass)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_drop_index';
COMMENT ON PROCEDURE migrate.drop_index(regclass) IS
    'DROP INDEX CONCURRENTLY; of a partitioned table DROP INDEX with its locks taken politely, for there is no concurrent form. Not in a transaction block (MG007). Errors: 2BP01 (it belongs to a constraint), 42501, 42809 (no index), 55P03 (locks).';

CREATE PROCEDURE migrate.drop_index(index text)
    LANGUAGE c AS 'MODULE_PATHNAME', 'migrate_drop_index_named';
COMMENT ON PROCEDURE migrate.drop_index(text) IS
    'The same by name, which may be qualified. One that does not exist: nothing to do, and a NOTICE says so; thus it can be called again after an interruption.';

------------------------------------------------------------------------------------------------
-- Looking

CREATE FUNCTION migrate.current(
    OUT revision text, OUT message text, OUT is_head boolean, OUT branch_labels text[],
    OUT applied_at timestamptz, OUT applied_by text) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 2 AS 'MODULE_PATHNAME', 'migrate_current';
COMMENT ON FUNCTION migrate.current() IS
    'The newest applied revision of every branch. Semantics: alembic current, of the applied set.';

CREATE FUNCTION migrate.heads(
    OUT revision text, OUT message text, OUT branch_labels text[], OUT is_effective boolean,
    OUT is_applied boolean) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 2 AS 'MODULE_PATHNAME', 'migrate_heads';
COMMENT ON FUNCTION migrate.heads() IS
    'The revisions that no other follows. is_effective: none depends on it either. Semantics: alembic heads.';

CREATE FUNCTION migrate.branches(
    OUT revision text, OUT message text, OUT children text[]) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 2 AS 'MODULE_PATHNAME', 'migrate_branches';
COMMENT ON FUNCTION migrate.branches() IS
    'The branch points: revisions that several others follow. Semantics: alembic branches.';

CREATE FUNCTION migrate.history(range text = NULL,
    OUT revision text, OUT parents text[], OUT depends_on text[], OUT branch_labels text[],
    OUT message text, OUT is_head boolean, OUT is_current boolean, OUT applied_at timestamptz,
    OUT applied_by text) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 100 AS 'MODULE_PATHNAME', 'migrate_history';
COMMENT ON FUNCTION migrate.history(text) IS
    'The revisions of a range (from:to, each end a target or current; NULL: all), newest first. Errors: MG001, MG002, MG003, MG014. Semantics: alembic history.';

CREATE FUNCTION migrate.show(revision text,
    OUT revision text, OUT message text, OUT parents text[], OUT depends_on text[],
    OUT branch_labels text[], OUT children text[], OUT is_head boolean,
    OUT is_branch_point boolean, OUT is_merge_point boolean, OUT applied_at timestamptz,
    OUT applied_by text, OUT path text, OUT loaded_by text, OUT loaded_at timestamptz)
    RETURNS SETOF record
    LANGUAGE c STABLE ROWS 1 AS 'MODULE_PATHNAME', 'migrate_show';
COMMENT ON FUNCTION migrate.show(text) IS
    'What is known of the revisions that a target names; current is allowed. Errors: MG001, MG002, MG003. Semantics: alembic show.';

CREATE FUNCTION migrate.pending(target text = 'heads',
    OUT step int, OUT revision text, OUT message text, OUT transactional boolean)
    RETURNS SETOF record
    LANGUAGE c STABLE ROWS 10 AS 'MODULE_PATHNAME', 'migrate_pending';
COMMENT ON FUNCTION migrate.pending(text) IS
    'What an upgrade to the target would apply, in order. Errors: as plan().';

CREATE FUNCTION migrate.kept(
    OUT revision text, OUT object text, OUT bytes bigint, OUT purge text) RETURNS SETOF record
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    SELECT k.revision, k.object, k.bytes, k.purge
    FROM (
        SELECT pg_catalog.substr(d.description, 47) AS revision,
               pg_catalog.format('table %I.%I', n.nspname, c.relname) AS object,
               pg_catalog.pg_total_relation_size(c.oid) AS bytes,
               pg_catalog.format('DROP TABLE %I.%I', n.nspname, c.relname) AS purge
        FROM pg_catalog.pg_description d
        JOIN pg_catalog.pg_class c ON c.oid = d.objoid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0
              AND n.nspname = 'migrate_kept'
              AND d.description LIKE 'kept by migrate for the downgrade of revision %'
        UNION ALL
        SELECT pg_catalog.substr(d.description, 47),
               pg_catalog.format('column %I.%I.%I', n.nspname, c.relname, a.attname),
               NULL,
               pg_catalog.format('ALTER TABLE %I.%I DROP COLUMN %I', n.nspname, c.relname, a.attname)
        FROM pg_catalog.pg_description d
        JOIN pg_catalog.pg_class c ON c.oid = d.objoid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
        WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid > 0
              AND a.attname LIKE '%\_kept'
              AND d.description LIKE 'kept by migrate for the downgrade of revision %') AS k
    ORDER BY k.revision, k.object;
END;
COMMENT ON FUNCTION migrate.kept() IS
    'The columns and tables that upgrades made with keep_data have kept aside, for which revision, and the statement that ends that: SELECT purge FROM migrate.kept() \gexec. After it the downgrade of that revision fails.';

CREATE FUNCTION migrate.validate(
    OUT severity text, OUT revision text, OUT code text, OUT message text) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 10 AS 'MODULE_PATHNAME', 'migrate_validate';
COMMENT ON FUNCTION migrate.validate() IS
    'Looks at the graph and at every script: MG003 several heads, MG004 edited after it was applied, MG006 no downgrade, MG008 broken graph, MG009 half applied, MG010 malformed script. No rows: all is well.';

CREATE FUNCTION migrate.check() RETURNS boolean
    LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'migrate_check';
COMMENT ON FUNCTION migrate.check() IS
    'True when the database is as its migrations want it, else it raises: MG008 broken graph, MG009 half applied, MG014 not at its heads, MG004 an applied script was changed, MG012 the schema has drifted (DETAIL says what). Where no schema is recorded, a NOTICE says so.';

CREATE FUNCTION migrate.drift(
    OUT kind text, OUT object text, OUT change text, OUT hazard text, OUT up text, OUT down text)
    RETURNS SETOF record
    LANGUAGE c STABLE ROWS 10 AS 'MODULE_PATHNAME', 'migrate_drift';
COMMENT ON FUNCTION migrate.drift() IS
    'What was changed outside of migrations since the last run: a row for each object. up: the statements that do it again, in order; down: those that take it back; hazard: what up may do to those at work. No rows: nothing has drifted. Errors: MG009 (no schema is recorded for what is applied).';

CREATE FUNCTION migrate.working(
    OUT run bigint, OUT pid int, OUT command text, OUT target text, OUT revision text,
    OUT direction text, OUT step int, OUT steps int, OUT statement int, OUT statements int,
    OUT phase text, OUT detail text, OUT percent int, OUT done bigint, OUT total bigint,
    OUT unit text, OUT rows_changed bigint, OUT rows_per_second bigint, OUT remaining interval,
    OUT waiting_sessions int, OUT paused boolean, OUT started_at timestamptz,
    OUT statement_started_at timestamptz, OUT phase_started_at timestamptz) RETURNS SETOF record
    LANGUAGE c STABLE ROWS 2 AS 'MODULE_PATHNAME', 'migrate_working';
COMMENT ON FUNCTION migrate.working() IS
    'What migrate.progress shows.';

CREATE VIEW migrate.progress AS SELECT * FROM migrate.working();
ALTER VIEW migrate.progress OWNER TO @extowner@;
GRANT SELECT ON migrate.progress TO PUBLIC;
COMMENT ON VIEW migrate.progress IS
    'What is being done now, a row for each working run, live: read from shared memory, so also for an upgrade in a transaction that has not committed. phase and detail: what it does, or whom it waits for; percent, done, total: of the statement; waiting_sessions: those who wait for it.';

-- What writes is VOLATILE, and for the owner of the extension and whom she grants it to.
DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN SELECT oid FROM pg_catalog.pg_proc
                   WHERE pronamespace = 'migrate'::pg_catalog.regnamespace
                         AND provolatile = 'v' LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', routine);
        EXECUTE pg_catalog.format(
            'GRANT EXECUTE ON ROUTINE %s TO @extowner@ WITH GRANT OPTION', routine);
    END LOOP;
END
$$;
