#!/usr/bin/env bash
# Kills the worker, or the whole server, in the middle of a statement that runs outside of a
# transaction; starts again and calls upgrade: the end is as if nothing had happened, or MG009 where
# nobody can know.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'

worker="SELECT pid FROM pg_stat_activity WHERE backend_type = 'migrate worker'"
busy="SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'migrate worker'"

# hold STATEMENT: an open transaction that has run it, for whoever has to wait for it
hold() {
    psql -XqAt -c "BEGIN; $1; SELECT pg_sleep(600)" >/dev/null 2>&1 &
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity
                WHERE query LIKE 'BEGIN; %' AND wait_event = 'PgSleep'"
}

let_go() {
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE query LIKE 'BEGIN; %' AND pid <> pg_backend_pid()" >/dev/null 2>&1 || true
}

# again HOW: the server after its worker was killed (it restarts by itself) or it was stopped
again() {
    case $1 in
        kill) kill -KILL "$(sql "$worker")" ;;
        stop) cluster stop immediate && cluster start ;;
    esac
    wait_until "SELECT count(*) = 0 FROM pg_stat_activity
                WHERE backend_type = 'migrate worker'" 2>/dev/null
}

# interrupt HOW STATE: starts an upgrade, waits until pg_stat_activity shows the worker in that state,
# and ends it the hard way
interrupt() {
    sql "SELECT migrate.upgrade('head')" >/dev/null 2>&1 &
    wait_until "$busy"
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity
                WHERE backend_type = 'migrate worker' AND $2"
    again "$1"
    wait # the caller and the holder have lost their connections
}

finish() { # WHAT REVISION
    sql "SELECT migrate.upgrade('head')" >/dev/null
    same "$1: at the head" "$(sql 'SELECT revision FROM migrate.current()')" "$2"
    same "$1: no invalid index" "$(invalid_indexes)" ''
    same "$1: nothing is unfinished" "$(sql 'SELECT * FROM migrate.unfinished')" ''
    same "$1: the run that was killed is on record" \
        "$(sql "SELECT status FROM migrate.run WHERE status <> 'done' ORDER BY id DESC LIMIT 1")" \
        interrupted
    let_go
}

load() { # PATH SCRIPT
    printf '%s\n' "$2" >"$work/$1"
    mkdir -p "$work/tree"
    mv "$work/$1" "$work/tree/$1"
    pg_migrate load "$work/tree" >/dev/null
}

load 0001_table.sql '-- migrate:up
CREATE TABLE numbers (n int);
INSERT INTO numbers SELECT generate_series(1, 1000);
-- migrate:down
DROP TABLE numbers;'
sql "SELECT migrate.upgrade('head')" >/dev/null

number=1
next() { # the next revision's id
    number=$((number + 1))
    revision=$(printf '%04d' "$number")
}

for how in kill stop; do
    next
    load "${revision}_build.sql" "-- migrate:up
INSERT INTO numbers VALUES (-$number);
CREATE INDEX CONCURRENTLY numbers_$how ON numbers (n);
INSERT INTO numbers VALUES (-$number);
-- migrate:down
SELECT 1;"
    hold 'INSERT INTO numbers VALUES (0)'
    interrupt $how "wait_event_type = 'Lock'"
    same "$how, building: the index is half there" \
        "$(sql "SELECT indisvalid FROM pg_index WHERE indexrelid = 'numbers_$how'::regclass")" f
    finish "$how, building" "$revision"
    same "$how, building: what came before and after ran once each" \
        "$(sql "SELECT count(*) FROM numbers WHERE n = -$number")" 2
    same "$how, building: the index is there" \
        "$(sql "SELECT indisvalid FROM pg_index WHERE indexrelid = 'numbers_$how'::regclass")" t

    next
    load "${revision}_rebuild.sql" "-- migrate:up
REINDEX INDEX CONCURRENTLY numbers_$how;
-- migrate:down
SELECT 1;"
    hold 'INSERT INTO numbers VALUES (0)'
    interrupt $how "wait_event_type = 'Lock'"
    finish "$how, rebuilding" "$revision"

    next
    load "${revision}_drop.sql" "-- migrate:up
DROP INDEX CONCURRENTLY numbers_$how;
-- migrate:down
SELECT 1;"
    hold 'INSERT INTO numbers VALUES (0)'
    interrupt $how "wait_event_type = 'Lock'"
    finish "$how, dropping" "$revision"
    same "$how, dropping: it is gone" "$(sql "SELECT to_regclass('numbers_$how')")" ''
done

# Statements of one transaction leave nothing, and run again from the start.
next
load "${revision}_together.sql" "-- migrate:up
VACUUM numbers;
CREATE TABLE together ();
LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE;
-- migrate:down
SELECT 1;"
hold 'INSERT INTO numbers VALUES (0)'
interrupt kill "wait_event_type = 'Lock'"
same "in a transaction: nothing of it is left" "$(sql "SELECT to_regclass('together')")" ''
finish "in a transaction" "$revision"

# Nobody can know how far a DO came.
next
load "${revision}_do.sql" "-- migrate:up
-- migrate:no-transaction
DO \$\$ BEGIN INSERT INTO numbers VALUES (-99); COMMIT; PERFORM pg_sleep(600); END \$\$;
-- migrate:down
SELECT 1;"
interrupt kill "wait_event = 'PgSleep'"
refused MG009 "SELECT migrate.upgrade('head')"
refused MG009 "SELECT migrate.upgrade('head')"
same "DO: it was not run again" "$(sql 'SELECT count(*) FROM numbers WHERE n = -99')" 1
sql "SELECT migrate.resolve('$revision', 'done')" >/dev/null
steps=$(sql "SELECT migrate.upgrade('head')")
same "DO: resolved as done, the rest of the revision is run" \
    "$(sql 'SELECT revision FROM migrate.current()')" "$revision"
[[ -n $steps ]] || fail "no step came back"
same "DO: still once" "$(sql 'SELECT count(*) FROM numbers WHERE n = -99')" 1
