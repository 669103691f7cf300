#!/usr/bin/env bash
# Rehearsals among others: who is in the way ends them in time, they end with a cancel, keep runs
# away meanwhile, keep nobody waiting for what is concurrent, and leave nothing behind.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'
sql "CREATE TABLE a (n int); INSERT INTO a SELECT generate_series(1, 1000);
     CREATE TABLE b (n int); INSERT INTO b SELECT generate_series(1, 1000)"
state() { # the schema and the rows
    schema
    pg_dump -a | sed '/^\\\(un\)\{0,1\}restrict /d'
}
before=$(state)
unchanged() {
    same "$1: schema and rows are as before" "$(state)" "$before"
}

revision() { # ID UPGRADE DOWNGRADE
    sql "SELECT migrate.revision('Step', \$s\$$2\$s\$, \$s\$$3\$s\$, revision_id => '$1')" >/dev/null
    before=$(state)
}

# A session that holds a lock: the rehearsal waits for migrate.lock_timeout, and nobody for it.
revision r1 'ALTER TABLE a ADD COLUMN x int' 'ALTER TABLE a DROP COLUMN x'
PGAPPNAME=holder psql -XqAt -c 'BEGIN; SELECT 1 FROM a LIMIT 1; SELECT pg_sleep(600)' >/dev/null 2>&1 &
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'holder' AND wait_event = 'PgSleep'"
refused 55P03 "SET migrate.lock_timeout = '200ms'; SELECT migrate.rehearse()"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'" >/dev/null
wait_until "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'holder'"
same 'then it is free' "$(sql 'SELECT revision, restores FROM migrate.rehearse()')" 'r1|t'
unchanged 'after a rehearsal'

# In a transaction block: what it locked is free before the block ends.
sql 'BEGIN; SELECT count(*) FROM migrate.rehearse(); SELECT pg_sleep(600)' -v ON_ERROR_STOP=0 \
    >"$work/block" 2>/dev/null &
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid <> pg_backend_pid()"
same 'nothing stays locked' \
    "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 'a'::regclass OR locktype = 'advisory'")" 0
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
wait_until "SELECT count(*) = 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"

# While one goes on no run begins, and a cancel ends it.
revision r2 'SELECT pg_sleep(600)' 'SELECT 1'
PGAPPNAME=rehearsal psql -XqAt -v VERBOSITY=sqlstate -c 'SELECT migrate.rehearse()' \
    >"$work/out" 2>&1 &
rehearsal=$!
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'rehearsal' AND wait_event = 'PgSleep'"
same 'it is seen at work' \
    "$(sql 'SELECT command, revision, direction FROM migrate.progress')" 'rehearse|r2|upgrade'
refused 55P03 "SET lock_timeout = '200ms'; SELECT migrate.upgrade('r1')"
sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'rehearsal'" >/dev/null
wait "$rehearsal" && fail 'the cancelled rehearsal says that all is well'
same 'a cancel is an error' "$(cat "$work/out")" 'ERROR:  57014'
unchanged 'after a cancel'
sql "SELECT migrate.remove('r2')" >/dev/null

# Concurrent statements keep no reader and no writer waiting while the rest is tried.
sql "SELECT migrate.remove('r1')" >/dev/null
sql 'CREATE INDEX b_n ON b (n)'
revision r1 'CREATE INDEX CONCURRENTLY a_n ON a (n); DROP INDEX CONCURRENTLY b_n;' \
    'DROP INDEX CONCURRENTLY a_n; CREATE INDEX CONCURRENTLY b_n ON b (n);'
revision r2 'SELECT pg_sleep(600)' 'SELECT 1'
PGAPPNAME=rehearsal psql -XqAt -c 'SELECT migrate.rehearse()' >/dev/null 2>&1 &
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'rehearsal' AND wait_event = 'PgSleep'"
same 'others read and write' "$(sql "SET lock_timeout = '1s'; SET enable_seqscan = off;
    INSERT INTO a VALUES (5000); UPDATE a SET n = 5001 WHERE n = 5000; DELETE FROM a WHERE n = 5001;
    UPDATE b SET n = -n WHERE n > 990; UPDATE b SET n = -n WHERE n < 0; SELECT count(*) FROM b WHERE n > 990")" 10
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rehearsal'" >/dev/null
wait_until "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'rehearsal'"
same 'the index that was dropped for a moment has every row' \
    "$(sql "SET enable_seqscan = off; SELECT count(*), min(n), max(n) FROM b WHERE n > 0")" '1000|1|1000'
sql "SELECT migrate.remove('r2')" >/dev/null
same 'both ways' "$(sql 'SELECT revision, restores FROM migrate.rehearse()')" 'r1|t'
