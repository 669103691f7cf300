#!/usr/bin/env bash
# A caller that waits for a concurrent index is cancelled (Ctrl-C), terminated, or vanishes. Each time
# the worker ends within seconds, the run is on record, and the next upgrade succeeds.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

mkdir "$work/tree"
cat >"$work/tree/0001_table.sql" <<'SQL'
-- migrate:up
CREATE TABLE numbers (n int);
INSERT INTO numbers SELECT generate_series(1, 1000);
-- migrate:down
DROP TABLE numbers;
SQL
cat >"$work/tree/0002_index.sql" <<'SQL'
-- migrate:up
CREATE INDEX CONCURRENTLY numbers_n_idx ON numbers (n);
-- migrate:down
DROP INDEX CONCURRENTLY numbers_n_idx;
SQL
sql 'CREATE EXTENSION migrate'
pg_migrate load "$work/tree" >/dev/null

# Another session's open transaction, behind which the index build has to wait.
block() {
    # shellcheck disable=SC2034  # unblock uses it
    coproc blocker { exec psql -Xq -v ON_ERROR_STOP=1; }
    echo 'BEGIN; LOCK TABLE numbers IN ROW EXCLUSIVE MODE;' >&"${blocker[1]}"
    wait_until "SELECT count(*) = 1 FROM pg_locks
                WHERE relation = 'numbers'::regclass AND mode = 'RowExclusiveLock' AND granted"
}

unblock() {
    # shellcheck disable=SC2154  # coproc sets it
    local pid=$blocker_PID
    echo 'ROLLBACK; \q' >&"${blocker[1]}"
    wait "$pid" || true
}

# interrupted HOW STATEMENT: starts the statement, ends its caller, looks at what is left
interrupted() {
    local how=$1 statement=$2 caller status=0
    sql "SELECT migrate.upgrade('0001')" >/dev/null
    block
    PGAPPNAME=caller psql -Xq -v ON_ERROR_STOP=1 -c "$statement" >"$work/out" 2>&1 &
    caller=$!
    wait_until "SELECT count(*) = 1 FROM pg_stat_progress_create_index
                WHERE phase LIKE 'waiting for writers%'"
    case $how in
        ctrl-c) kill -INT "$caller" ;;
        terminate)
            sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = 'caller' AND backend_type = 'client backend'" >/dev/null
            ;;
        vanish) kill -KILL "$caller" ;;
    esac
    { wait "$caller" || status=$?; } 2>/dev/null
    ((status != 0)) || fail "$how: the caller says that all went well: $(cat "$work/out")"
    if [[ $how == ctrl-c ]] && ! grep -q 'canceling statement' "$work/out"; then
        fail "$how: the caller says: $(cat "$work/out")"
    fi
    wait_until "SELECT NOT EXISTS (SELECT FROM pg_stat_progress_create_index)"
    wait_until "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type LIKE 'migrate%')"
    wait_until "SELECT NOT EXISTS (SELECT FROM migrate.runs WHERE status IN ('queued', 'running'))"
    same "$how: the run is on record" \
        "$(sql "SELECT status FROM migrate.runs ORDER BY run DESC LIMIT 1")" failed
    unblock
    sql "SELECT migrate.upgrade('head')" >/dev/null
    same "$how: the next upgrade reaches the head" \
        "$(sql 'SELECT revision FROM migrate.current()')" 0002
    same "$how: the index is valid" "$(sql "SELECT indisvalid FROM pg_index
        WHERE indexrelid = 'numbers_n_idx'::regclass")" t
    same "$how: no other index is left" "$(invalid_indexes)" ""
    sql "SELECT migrate.downgrade('base')" >/dev/null
}

for statement in "SELECT * FROM migrate.upgrade('head')" "CALL migrate.upgrade_online('head')"; do
    echo "# $statement"
    interrupted ctrl-c "$statement"
    interrupted terminate "$statement"
    interrupted vanish "$statement"
done

# The server's log tells what ran, in letters.
if LC_ALL=C grep -an '[^[:print:][:space:]]' "$CLUSTER_DIR/data.log"; then
    fail "the server's log has bytes that no statement had"
fi
