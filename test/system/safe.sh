#!/usr/bin/env bash
# The safe forms of dangerous statements beside writers, behind somebody who does nothing, and
# interrupted in every way: nobody fails, nobody waits long, and calling again ends well.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'
sql "CREATE TABLE orders (id bigint NOT NULL, customer int, state text, total numeric);
     INSERT INTO orders SELECT g, 1 + g % 1000, 'new', g FROM generate_series(1, 100000) g;
     CREATE TABLE customers (id int PRIMARY KEY, name text);
     INSERT INTO customers SELECT g, 'customer ' || g FROM generate_series(1, 1000) g;
     CREATE TABLE events (id bigint, day int, customer int, note text) PARTITION BY RANGE (day);
     CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (11);
     CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (11) TO (21) PARTITION BY LIST (day);
     CREATE TABLE events_2a PARTITION OF events_2 FOR VALUES IN (11, 12, 13, 14, 15);
     CREATE TABLE events_2b PARTITION OF events_2 FOR VALUES IN (16, 17, 18, 19, 20);
     INSERT INTO events SELECT g, 1 + g % 20, 1 + g % 1000, 'x' FROM generate_series(1, 100000) g;
     CREATE SEQUENCE numbers START 1000000"

# Writers that fail when they wait for a lock for long; far longer than our steps need.
cat >"$work/writers.sql" <<'SQL'
\set c random(1, 1000)
\set i random(1, 100000)
BEGIN;
INSERT INTO orders VALUES (nextval('numbers'), :c, 'new', 1);
UPDATE orders SET state = 'paid' WHERE ctid = (SELECT ctid FROM orders TABLESAMPLE SYSTEM (0.1) LIMIT 1);
UPDATE customers SET name = 'again' WHERE id = :c;
INSERT INTO events VALUES (nextval('numbers'), 1 + :i % 20, :c, 'x');
COMMIT;
SELECT count(*) FROM events WHERE day = 1 + :i % 20 AND id = :i;
SQL
PGOPTIONS='-c lock_timeout=5s' pgbench -n -c 4 -j 1 -T 600 -f "$work/writers.sql" \
    >"$work/writers.log" 2>&1 &
writers=$!
wait_until 'SELECT last_value > 1000100 FROM numbers'

while read -r statement; do
    psql -Xq -v ON_ERROR_STOP=1 -c "CALL migrate.$statement" || fail "$statement"
    kill -0 "$writers" 2>/dev/null || fail "writers ended during $statement: $(cat "$work/writers.log")"
    echo "ok: $statement"
done <<'SQL'
add_not_null('orders', 'customer')
add_check('orders', 'total > 0')
add_foreign_key('orders', '{customer}', 'customers')
add_unique('orders', '{id,customer}', 'orders_unique')
add_primary_key('orders', '{id}')
create_index('orders', '(customer, state)')
reindex('orders')
drop_index('orders_customer_state_idx')
add_not_null('events', 'customer')
add_check('events', 'day > 0')
add_foreign_key('events', '{customer}', 'customers')
add_primary_key('events', '{id,day}')
add_unique('events', '{day,id}', include => '{customer}')
create_index('events', '(customer)')
reindex('events')
drop_index('events_customer_idx')
SQL
kill -0 "$writers" 2>/dev/null || fail "the writers have ended: $(cat "$work/writers.log")"
kill "$writers"
wait "$writers" 2>/dev/null || true
if grep -iE 'error|aborted' "$work/writers.log"; then
    fail "writers failed"
fi
same "all constraints are valid" \
    "$(sql 'SELECT conname FROM pg_constraint WHERE NOT convalidated')" ""
same "all indexes are valid" "$(invalid_indexes)" ""

# Extended protocol, prepared.
echo "CALL migrate.reindex('customers');" >"$work/reindex.sql"
pgbench -n -M prepared -t 3 -f "$work/reindex.sql" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
echo "ok: prepared"

# Somebody who has read the table and does nothing since.
block() { # STATEMENT
    # shellcheck disable=SC2034  # unblock uses it
    coproc blocker { PGAPPNAME=dreamer exec psql -Xq -v ON_ERROR_STOP=1; }
    echo "BEGIN; $1; SELECT pg_advisory_xact_lock(1);" >&"${blocker[1]}"
    wait_until "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1)"
}

unblock() {
    # shellcheck disable=SC2154  # coproc sets it
    local pid=$blocker_PID
    echo 'ROLLBACK; \q' >&"${blocker[1]}"
    wait "$pid" || true
}

polite=(-c 'SET migrate.lock_timeout = 300' -c 'SET migrate.lock_retries = 1')
block 'SELECT FROM orders LIMIT 1'
if psql -Xq -v ON_ERROR_STOP=1 "${polite[@]}" -c '\set VERBOSITY verbose' \
    -c "CALL migrate.add_not_null('orders', 'state')" >"$work/out" 2>&1; then
    fail "got a lock that somebody has"
fi
grep -q '55P03' "$work/out" || fail "not 55P03: $(cat "$work/out")"
grep -q 'dreamer' "$work/out" || fail "the blocker is not named: $(cat "$work/out")"
echo "ok: 55P03 names who is in the way"
same "nothing is left" "$(sql "SELECT conname FROM pg_constraint WHERE conname ~ 'migrate'")" ""
psql -Xq -v ON_ERROR_STOP=1 -c 'SET migrate.lock_timeout = 300' -c 'SET migrate.lock_retries = 100' \
    -c "CALL migrate.add_not_null('orders', 'state')" >"$work/out" 2>&1 &
caller=$!
wait_until "SELECT EXISTS (SELECT FROM migrate.runs WHERE command = 'add_not_null' AND status = 'running')"
for i in 1 2 3 4 5 6; do
    sql "SET lock_timeout = '2s'; INSERT INTO orders VALUES (-$i, 1, 'new', 1)"
    sleep 0.2
done
unblock
wait "$caller" || fail "did not go on when nobody was in the way: $(cat "$work/out")"
same "it went on, and others wrote meanwhile" \
    "$(sql "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'state'")" t

# interrupted HOW: an index build behind a writer is ended
interrupted() {
    local how=$1 caller status=0
    block 'LOCK TABLE orders IN ROW EXCLUSIVE MODE'
    PGAPPNAME=caller psql -Xq -v ON_ERROR_STOP=1 \
        -c "CALL migrate.create_index('orders', '(total)', is_unique => false)" >"$work/out" 2>&1 &
    caller=$!
    wait_until "SELECT count(*) = 1 FROM pg_stat_progress_create_index
                WHERE phase LIKE 'waiting for writers%'"
    case $how in
        ctrl-c) kill -INT "$caller" ;;
        terminate)
            sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = 'caller'" >/dev/null
            ;;
        crash)
            sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'caller'" >"$work/pid"
            cluster as-server kill -KILL "$(cat "$work/pid")"
            ;;
    esac
    { wait "$caller" || status=$?; } 2>/dev/null
    ((status != 0)) || fail "$how: the caller says that all went well: $(cat "$work/out")"
    if [[ $how == ctrl-c ]]; then
        grep -q 'canceling statement' "$work/out" || fail "$how: the caller says: $(cat "$work/out")"
    fi
    unblock 2>/dev/null
    if [[ $how == crash ]]; then
        for _ in {1..300}; do
            if psql -Xqc 'SELECT 1' >/dev/null 2>&1; then break; fi
            sleep 0.1
        done
    fi
    sql "CALL migrate.create_index('orders', '(total)')"
    same "$how: calling again ends well" "$(sql "SELECT indexrelid::regclass, indisvalid FROM pg_index
        WHERE indrelid = 'orders'::regclass AND indexrelid::regclass::text ~ 'total'")" \
        'orders_total_idx|t'
    same "$how: nothing else is left" "$(invalid_indexes)" ""
    sql "CALL migrate.drop_index('orders_total_idx')"
}
interrupted ctrl-c
interrupted terminate
interrupted crash

# Duplicates that come after the look: the build fails, and what it leaves, which would refuse
# writes, is gone.
sql "CREATE TABLE keys (k int); INSERT INTO keys SELECT generate_series(1, 100)"
block 'LOCK TABLE keys IN ROW EXCLUSIVE MODE'
psql -Xq -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate -c "CALL migrate.add_unique('keys', '{k}')" \
    >"$work/out" 2>&1 &
caller=$!
wait_until "SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for writers%'"
echo 'INSERT INTO keys VALUES (1); COMMIT; BEGIN; SELECT pg_advisory_xact_lock(1);' >&"${blocker[1]}"
wait "$caller" && fail "duplicates were not found"
unblock
same "duplicates are refused" "$(grep '^ERROR' "$work/out")" "ERROR:  23505"
same "the invalid index is gone" "$(sql "SELECT count(*) FROM pg_index WHERE indrelid = 'keys'::regclass")" 0

# In a script: the worker is stopped in the middle, the next upgrade goes on.
mkdir "$work/tree"
cat >"$work/tree/0001_safe.sql" <<'SQL'
-- migrate:up
CREATE TABLE scripted (a int, b int);
INSERT INTO scripted SELECT g, g FROM generate_series(1, 1000) g;
CALL migrate.add_primary_key('scripted', '{a}');
CALL migrate.create_index('scripted', '(b)');
CALL migrate.create_index('orders', '(total)');
CALL migrate.add_foreign_key('scripted', '{b}', 'scripted');
-- migrate:down
DROP TABLE scripted;
SQL
pg_migrate load "$work/tree" >/dev/null
block 'LOCK TABLE orders IN ROW EXCLUSIVE MODE'
psql -Xq -c "SELECT migrate.upgrade()" >"$work/out" 2>&1 &
caller=$!
wait_until "SELECT count(*) = 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for writers%'"
sql "SELECT migrate.cancel(run) FROM migrate.runs WHERE status = 'running' AND command = 'upgrade'" >/dev/null
wait "$caller" || true
unblock
sql "SELECT migrate.upgrade()" >/dev/null
same "the script went on" "$(sql 'SELECT revision FROM migrate.current()')" 0001
same "no index is left" "$(invalid_indexes)" ""
same "its constraints" "$(sql "SELECT conname, convalidated FROM pg_constraint
    WHERE conrelid = 'scripted'::regclass ORDER BY 1")" $'scripted_b_fkey|t\nscripted_pkey|t'

if LC_ALL=C grep -aE 'WARNING|leak|PANIC|TRAP' "$CLUSTER_DIR/data.log" |
    grep -vE 'terminating connection because of crash'; then
    fail "the server's log complains"
fi
