#!/usr/bin/env bash
# Table locks under the eyes of others: nobody queues behind a step for longer than
# migrate.lock_timeout, nobody waits for a table that the step does not wait for itself, and whoever is
# in the way is named.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'
sql 'CREATE TABLE a (n int); CREATE TABLE b (n int)'

# hold NAME STATEMENT: a session that has run it in a transaction which it leaves open
hold() {
    local name=$1
    PGAPPNAME=$name psql -XqAt -c "BEGIN; $2; SELECT pg_sleep(600)" >/dev/null 2>&1 &
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity
                WHERE application_name = '$name' AND wait_event = 'PgSleep'"
}

let_go() { # NAME
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '$1'" \
        >/dev/null
    wait_until "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = '$1'"
}

number=0
next() { # STATEMENTS: a revision of them
    number=$((number + 1))
    sql "SELECT migrate.revision('Step', \$s\$$1\$s\$, 'SELECT 1', revision_id => 'r$number')" \
        >/dev/null
}

both() { # HOST COMMAND: what a session asks for, inline or in a worker
    case $1 in
        inline) sql "SELECT migrate.upgrade('head')" "${@:2}" ;;
        worker) sql "CALL migrate.upgrade_online('head')" "${@:2}" ;;
    esac
}

applied() {
    sql 'SELECT revision FROM migrate.current()'
}

for host in inline worker; do
    # It waits aside for as long as somebody reads b, with no lock on a, and then goes on.
    next "ALTER TABLE a ADD COLUMN ${host}_1 int; ALTER TABLE b ADD COLUMN ${host}_1 int;"
    hold reader 'SELECT * FROM b'
    both $host -c "SET migrate.lock_timeout = '60s'" >"$work/out" 2>&1 &
    waiter=$!
    wait_until "SELECT count(*) = 1 FROM migrate.progress WHERE phase = 'waiting for locks'"
    same "$host: progress says who is in the way" \
        "$(sql "SELECT regexp_replace(detail, 'pid \d+|for \d+ s', '...', 'g') FROM migrate.progress")" \
        'For AccessExclusiveLock on public.b, in the way:
..., user postgres, reader, active, transaction ..., statement ..., holds AccessShareLock'
    same "$host: others read and write both tables meanwhile" "$(sql \
        "SET lock_timeout = '1s'; INSERT INTO a (n) VALUES (1); INSERT INTO b (n) VALUES (1);
         SELECT count(*) > 0 FROM a, b")" t
    same "$host: nothing of a is locked" "$(sql "SELECT count(*) FROM pg_locks
        WHERE relation = 'a'::regclass AND pid <> pg_backend_pid()")" 0
    let_go reader
    wait $waiter || fail "$host: $(cat "$work/out")"
    same "$host: then it goes on" "$(applied)" "r$number"

    # The bounded wait: those who come later wait for that long and not longer.
    next "ALTER TABLE b ADD COLUMN ${host}_2 int;"
    hold reader 'SELECT * FROM b'
    both $host -c "SET migrate.lock_timeout = '1s'" -c 'SET migrate.lock_retries = 0' \
        >"$work/out" 2>&1 &
    waiter=$!
    wait_until "SELECT count(*) = 1 FROM pg_locks
                WHERE relation = 'b'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted"
    same "$host: who comes later is served after the time is over" \
        "$(sql "SET statement_timeout = '20s'; SELECT count(*) > 0 FROM b")" t
    if wait $waiter; then fail "$host: got a lock that it could not get"; fi
    same "$host: the error names who was in the way, and how many stood behind" \
        "$(sed -nE 's/pid [0-9]+/pid .../; s/for [0-9]+ s/for ... s/g; /^(ERROR|DETAIL|pid|Sessions)/p' "$work/out")" \
        'ERROR:  could not obtain lock on relation "public.b"
DETAIL:  For AccessExclusiveLock on public.b, in the way:
pid ..., user postgres, reader, active, transaction for ... s, statement for ... s, holds AccessShareLock
Sessions that queued behind this one: 1.'
    same "$host: the run is on record as failed" "$(sql \
        "SELECT status, sqlstate FROM migrate.runs ORDER BY run DESC LIMIT 1")" 'failed|55P03'

    # With attempts left it tries again.
    both $host -c "SET migrate.lock_timeout = '100ms'" -c 'SET migrate.lock_retries = 50' \
        >"$work/out" 2>&1 &
    waiter=$!
    wait_until "SELECT count(*) = 1 FROM migrate.progress WHERE phase = 'waiting to try again'"
    let_go reader
    wait $waiter || fail "$host: $(cat "$work/out")"
    same "$host: it tries again, and has it once it is free" "$(applied)" "r$number"

    # A deadlock on the way, with locks that nobody can foresee: the step is rolled back and runs again.
    next "DO \$d\$ BEGIN INSERT INTO a (n) VALUES (-77); PERFORM pg_sleep(2);
             LOCK TABLE b IN ACCESS EXCLUSIVE MODE; END \$d\$;"
    both $host -c 'SET migrate.lock_timeout = 0' >"$work/out" 2>&1 &
    waiter=$!
    wait_until "SELECT count(*) = 1 FROM pg_locks WHERE relation = 'a'::regclass
                AND mode = 'RowExclusiveLock'"
    sql "SET deadlock_timeout = '60s'; BEGIN; LOCK TABLE b IN ROW EXCLUSIVE MODE;
         LOCK TABLE a IN ACCESS EXCLUSIVE MODE; COMMIT" >"$work/other" 2>&1 || cat "$work/other"
    wait $waiter || fail "$host: $(cat "$work/out")"
    same "$host: after a deadlock it runs again, once" \
        "$(sql "SELECT count(*) FROM a WHERE n = -77")" 1
    sql 'DELETE FROM a WHERE n = -77'
    same "$host: and is applied" "$(applied)" "r$number"
done

# A prepared transaction is in the way and is told of.
next 'ALTER TABLE a ADD COLUMN late int;'
sql "BEGIN; INSERT INTO a (n) VALUES (0); PREPARE TRANSACTION 'forgotten'"
if sql "SELECT migrate.upgrade('head')" -c "SET migrate.lock_timeout = '100ms'" \
    -c 'SET migrate.lock_retries = 0' >"$work/out" 2>&1; then
    fail 'got a lock that a prepared transaction holds'
fi
same 'a prepared transaction is named' \
    "$(sed -nE 's/for [0-9]+ s/for ... s/; /^prepared/p' "$work/out")" \
    "prepared transaction 'forgotten', owner postgres, for ... s, holds RowExclusiveLock"
sql "ROLLBACK PREPARED 'forgotten'"
sql "SELECT migrate.upgrade('head')" >/dev/null
same 'and applied when it is gone' "$(applied)" "r$number"

# Before a concurrent index build, those whom it has to wait for are named.
next 'CREATE INDEX CONCURRENTLY a_n ON a (n);'
hold writer 'INSERT INTO a (n) VALUES (0)'
sql "SELECT migrate.upgrade('head')" -c "SET migrate.lock_timeout = '1ms'" >"$work/out" 2>&1 &
waiter=$!
wait_until "SELECT count(*) = 1 FROM migrate.progress WHERE phase LIKE 'building index: waiting for writers%'"
same 'progress says for whom an index build waits' \
    "$(sql "SELECT regexp_replace(detail, 'pid \d+|for \d+ s', '...', 'g') FROM migrate.progress")" \
    'In the way:
..., user postgres, writer, active, transaction ...'
let_go writer
wait $waiter || fail "$(cat "$work/out")"
same 'a NOTICE said so before' "$(sed -nE 's/pid [0-9]+/pid .../; s/for [0-9]+ s/for ... s/g; /^(NOTICE|DETAIL)/p' "$work/out")" \
    'NOTICE:  a concurrent index statement waits for sessions with old snapshots or locks
DETAIL:  pid ..., user postgres, writer, active, transaction for ... s, statement for ... s'
same 'the index is there' "$(invalid_indexes)" ''
