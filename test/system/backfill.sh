#!/usr/bin/env bash
# Batched data changes among other sessions: nothing of theirs is lost or overwritten, nobody waits
# long, and they can be paused, cancelled and held up.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'

fill() { # TABLE ROWS
    sql "CREATE TABLE $1 (id int PRIMARY KEY, n int, other int NOT NULL DEFAULT 0, pad text);
         INSERT INTO $1 SELECT i, NULL, 0, repeat('x', 100) FROM generate_series(1, $2) i;
         ANALYZE $1"
}

run_of() { # TABLE: the number of the run at work on it
    wait_until "SELECT count(*) = 1 FROM migrate.runs WHERE target = 'public.$1'
                AND status = 'running'"
    sql "SELECT run FROM migrate.runs WHERE target = 'public.$1' AND status = 'running'"
}

# Others update, insert, delete and move rows all the time.
fill busy 100000
cat >"$work/busy.sql" <<'SQL'
\set id random(1, 100000)
\set new random(1, 1000000000)
BEGIN;
UPDATE busy SET other = other + 1 WHERE id = :id;
INSERT INTO busy_log VALUES (:id);
END;
INSERT INTO busy VALUES (-:new, -:new, 0, repeat('y', 300)) ON CONFLICT DO NOTHING;
DELETE FROM busy WHERE id = -:new + 1;
SQL
sql 'CREATE TABLE busy_log (id int)'
pgbench -n -c 4 -T 8 -f "$work/busy.sql" >"$work/pgbench" 2>&1 &
bench=$!
wait_until 'SELECT count(*) > 100 FROM busy_log'
sql "CALL migrate.backfill('busy', 'n = id', 'n IS NULL', target => '50 ms', parallel => 2)"
sql "CALL migrate.backfill('busy', 'n = id * 2', 'id > 0 AND n <> id * 2', target => '50 ms')"
wait $bench || fail "pgbench: $(cat "$work/pgbench")"
same "busy: no transaction has failed" \
    "$(grep -c 'number of failed transactions: 0 ' "$work/pgbench")" 1
same "busy: nothing was overwritten" "$(sql 'SELECT sum(other) FROM busy')" \
    "$(sql 'SELECT count(*) FROM busy_log')"
same "busy: nothing was left out" \
    "$(sql 'SELECT count(*), count(*) FILTER (WHERE n = id * 2) FROM busy WHERE id > 0')" \
    "100000|100000"
same "busy: rows of others are as they were" \
    "$(sql 'SELECT count(*) FROM busy WHERE id < 0 AND n IS DISTINCT FROM id')" 0

# Paused, resumed, cancelled.
fill calm 20000
PGOPTIONS='-c migrate.backfill_pause=50ms' sql "CALL migrate.backfill('calm', 'n = id', 'n IS NULL',
    target => '5 ms')" >"$work/calm" 2>&1 &
caller=$!
run=$(run_of calm)
wait_until 'SELECT count(n) > 0 FROM calm'
refused 55006 "CALL migrate.purge('calm', 'true')"
same "pause() finds it" "$(sql "SELECT migrate.pause($run)")" t
# Its last batch may still be on its way.
wait_until "SELECT true FROM (SELECT pg_sleep(0.3)) s"
before=$(sql 'SELECT count(n) FROM calm')
sleep 0.5
same "paused, it does nothing" "$(sql 'SELECT count(n) FROM calm')" "$before"
same "paused, it holds nothing" \
    "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CALL migrate.backfill%'
            AND pid <> pg_backend_pid() AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)")" 0
sql 'BEGIN; LOCK TABLE calm IN ACCESS EXCLUSIVE MODE NOWAIT; COMMIT'
same "resume() finds it" "$(sql "SELECT migrate.resume($run)")" t
wait_until "SELECT count(n) > $before FROM calm"
sql "SELECT pg_cancel_backend(pid) FROM migrate.runs WHERE run = $run" >/dev/null
wait $caller && fail "it was not cancelled"
same "cancelled, its run has failed" "$(sql "SELECT status, sqlstate FROM migrate.runs
    WHERE run = $run")" "failed|57014"
same "cancelled, its job is unfinished" \
    "$(sql "SELECT status FROM migrate.backfills WHERE run = $run")" unfinished
same "pause() of a run that has ended" "$(sql "SELECT migrate.pause($run)")" f
sql "CALL migrate.backfill('calm', 'n = id', 'n IS NULL')"
same "called again, it goes on" "$(sql "SELECT rows FROM migrate.backfills
    WHERE relation = 'public.calm'")" 20000

# A row that somebody has locked: waited for in small batches, the others are changed meanwhile.
fill locked 20000
psql -XqAt -c "BEGIN; UPDATE locked SET other = 1 WHERE id = 10000; SELECT pg_sleep(4); COMMIT" \
    >/dev/null &
holder=$!
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
sql "CALL migrate.backfill('locked', 'n = id, other = other + 1', 'n IS NULL')" &
caller=$!
wait_until 'SELECT count(n) > 0 FROM locked'
# A session that comes for a row of the batch that waits must not wait for the holder.
for id in 9990 9999 10001 10010; do
    PGOPTIONS='-c lock_timeout=2500ms' sql "UPDATE locked SET pad = 'mine' WHERE id = $id"
done
wait $holder $caller
same "locked: both changes are there" "$(sql 'SELECT n, other FROM locked WHERE id = 10000')" \
    "10000|2"
same "locked: all is done" \
    "$(sql "SELECT count(n), sum(other) FROM locked")" "20000|20001"
same "locked: the others' too" "$(sql "SELECT count(*) FROM locked WHERE pad = 'mine'")" 4
PGOPTIONS='-c migrate.lock_retries=1 -c migrate.lock_timeout=50ms' psql -XqAt -c "BEGIN;
    LOCK TABLE locked; SELECT pg_sleep(2)" >/dev/null &
wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
PGOPTIONS='-c migrate.lock_retries=1 -c migrate.lock_timeout=50ms' \
    refused 55P03 "CALL migrate.backfill('locked', 'n = 0', 'n <> 0')"

# Two at once that lock the same rows in another order end as well.
fill crossed 5000
cat >"$work/crossed.sql" <<'SQL'
BEGIN;
UPDATE crossed SET other = other + 1 WHERE id IN (SELECT i FROM generate_series(1, 5000, 7) i);
END;
BEGIN;
UPDATE crossed SET other = other + 1 WHERE id = 4001;
UPDATE crossed SET other = other + 1 WHERE id = 1;
END;
SQL
pgbench -n -c 1 -t 20 -f "$work/crossed.sql" >"$work/pgbench" 2>&1 &
bench=$!
PGOPTIONS='-c deadlock_timeout=100ms' sql "CALL migrate.backfill('crossed', 'n = id', 'n IS NULL')"
wait $bench
same "crossed: all is done" \
    "$(sql "SELECT count(n), sum(other) FROM crossed")" "5000|$((20 * (715 + 2)))"

# A standby that stops to apply holds it up.
standby=$(cluster standby)
wait_until "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'"
fill followed 50000
sql 'SELECT pg_wal_replay_pause()' -p "$standby" >/dev/null
PGOPTIONS='-c migrate.backfill_max_lag=300ms -c migrate.backfill_pause=20ms' \
    sql "CALL migrate.backfill('followed', 'n = id', 'n IS NULL', target => '5 ms')" &
caller=$!
sleep 2
before=$(sql 'SELECT count(n) FROM followed')
sleep 1
same "a standby is behind: it waits" "$(sql 'SELECT count(n) FROM followed')" "$before"
kill -0 $caller || fail "it did not wait for the standby"
sql 'SELECT pg_wal_replay_resume()' -p "$standby" >/dev/null
wait $caller
same "the standby has caught up: it goes on" "$(sql 'SELECT count(n) FROM followed')" 50000
