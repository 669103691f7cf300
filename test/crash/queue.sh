#!/usr/bin/env bash
# Runs in the queue when the server crashes: the launcher starts them at the next start, nobody has to
# ask; without the launcher, whoever calls upgrade or wait. No worker slot: the transaction that queued
# a run fails as a whole. A row of the queue that could be forged is run by nobody.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

conf=$CLUSTER_DIR/data/postgresql.conf

configure() { # LINE...: the server with these settings
    printf '%s\n' "$@" >>"$conf"
    cluster stop fast
    cluster start
}

# A session that stays: say STATEMENT sends it, heard waits for its answer.
open() {
    coproc session { exec psql -XqAt -v ON_ERROR_STOP=1 2>"$work/session"; }
    session_pid=$!
}

say() {
    # shellcheck disable=SC2154  # coproc sets it
    printf '%s;\n\\echo said\n' "$1" >&"${session[1]}"
    local line=
    while [[ $line != said ]]; do
        read -r -t 30 -u "${session[0]}" line || fail "no answer to: $1 ($(cat "$work/session"))"
    done
}

close() {
    kill "$session_pid" 2>/dev/null || true
    wait "$session_pid" 2>/dev/null || true
}

postmaster() {
    head -n 1 "$CLUSTER_DIR/data/postmaster.pid"
}

# in_the_queue HOW STATEMENT: commits a transaction that queues a run, and crashes before its worker
# has taken it: somebody else waits for a lock that lets nobody write the row; a server that is to be
# killed starts none any more
in_the_queue() {
    local victim i
    open
    say "BEGIN; $2"
    sql 'BEGIN; LOCK TABLE migrate.run IN SHARE MODE; SELECT pg_sleep(600)' >/dev/null 2>&1 &
    wait_until "SELECT count(*) = 1 FROM pg_locks
                WHERE relation = 'migrate.run'::regclass AND NOT granted"
    case $1 in
        server) victim=$(postmaster) ;;
        backend) victim=$(sql "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'") ;;
        launcher) victim=$(sql "SELECT pid FROM pg_stat_activity WHERE backend_type = 'migrate launcher'") ;;
    esac
    [[ $1 != server ]] || kill -STOP "$victim"
    say COMMIT
    kill -KILL "$victim"
    if [[ $1 == server ]]; then # the others go when they notice
        for ((i = 0; i < 100; i++)); do
            if cluster start >/dev/null 2>&1; then break; fi
            sleep 0.1
        done
    fi
    close
    back
}

run() { # the columns of the last run
    sql "SELECT command, status FROM migrate.runs ORDER BY run DESC LIMIT 1"
}

ended="SELECT status <> 'queued' AND status <> 'running' FROM migrate.runs ORDER BY run DESC LIMIT 1"

mkdir "$work/tree"
cat >"$work/tree/0001_table.sql" <<'SQL'
-- migrate:up
CREATE TABLE numbers (n int);
-- migrate:down
DROP TABLE numbers;
SQL
cat >"$work/tree/0002_index.sql" <<'SQL'
-- migrate:up
CREATE INDEX CONCURRENTLY numbers_n ON numbers (n);
INSERT INTO numbers VALUES (2);
-- migrate:down
DROP INDEX CONCURRENTLY numbers_n;
SQL
cat >"$work/tree/0003_index.sql" <<'SQL'
-- migrate:up
CREATE INDEX CONCURRENTLY numbers_next ON numbers ((n + 1));
-- migrate:down
DROP INDEX CONCURRENTLY numbers_next;
SQL
sql 'CREATE EXTENSION migrate'
pg_migrate load "$work/tree" >/dev/null

# Without the launcher: it stays in the queue until somebody comes.
in_the_queue backend 'SELECT migrate.upgrade()'
same "no launcher: still queued" "$(run)" 'upgrade|queued'
sleep 1
same "no launcher: nobody starts it" "$(run)" 'upgrade|queued'
sql 'CALL migrate.wait(2)' 2>/dev/null
same "no launcher: wait starts it" "$(run)" 'upgrade|done'
same "no launcher: once" "$(sql 'SELECT n FROM numbers')" 2
in_the_queue server "SELECT migrate.downgrade('0001')"
same "no launcher, the server: still queued" "$(run)" 'downgrade|queued'
sql "SELECT migrate.downgrade('base')" >/dev/null 2>&1
same "no launcher: the next command starts it first" \
    "$(sql "SELECT command, target, status FROM migrate.runs ORDER BY run DESC LIMIT 2")" \
    'downgrade|base|done
downgrade|0001|done'

# The launcher.
configure "shared_preload_libraries = 'migrate'"
for how in server backend launcher; do
    for statement in 'SELECT migrate.upgrade()' "SELECT migrate.upgrade('head', wait => false)"; do
        in_the_queue "$how" "$statement"
        wait_until "$ended"
        same "$how: $statement is started and done" "$(run)" 'upgrade|done'
        same "$how: at the head" "$(sql 'SELECT revision FROM migrate.current()')" 0003
        same "$how: once" "$(sql 'SELECT n FROM numbers')" 2
        sql "SELECT migrate.downgrade('base')" >/dev/null
    done
done

# Its worker had come, and waited for its turn behind a run that the crash interrupts.
for how in kill stop; do
    sql "SELECT migrate.upgrade('0001')" >/dev/null
    open
    say 'BEGIN; INSERT INTO numbers VALUES (0)'
    sql "SELECT migrate.upgrade('0002', wait => false)" >/dev/null 2>&1
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity
                WHERE backend_type = 'migrate worker' AND wait_event_type = 'Lock'
                      AND query LIKE 'CREATE INDEX%'"
    sql "SELECT migrate.upgrade('head', wait => false)" >/dev/null 2>&1
    wait_until "SELECT count(*) = 1 FROM migrate.runs WHERE status = 'queued' AND pid IS NOT NULL"
    if [[ $how == kill ]]; then
        victim=$(sql "SELECT pid FROM migrate.runs WHERE status = 'queued'")
        kill -KILL "$victim"
        # Not before the server has noticed: else the index is built once the session is closed.
        wait_until "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $victim" 2>/dev/null
    else
        cluster stop immediate
        cluster start
    fi
    close
    back
    wait_until "$ended"
    same "$how, waiting for its turn: it is started and done" \
        "$(sql 'SELECT command, target, status FROM migrate.runs ORDER BY run DESC LIMIT 2')" \
        'upgrade|head|done
upgrade|0002|interrupted'
    same "$how, waiting for its turn: once" "$(sql 'SELECT n FROM numbers')" 2
    same "$how, waiting for its turn: no invalid index" "$(invalid_indexes)" ''
    sql "SELECT migrate.downgrade('base')" >/dev/null
done

# Another process has the number that its worker had.
configure "shared_preload_libraries = ''"
in_the_queue backend 'SELECT migrate.upgrade()'
open
say 'SELECT 1'
other=$(sql "SELECT pid FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
sql "UPDATE migrate.run SET pid = $other WHERE status = 'queued'"
same "another process: cancel does not end it" \
    "$(sql 'BEGIN; SELECT migrate.cancel(max(run)) FROM migrate.runs; ROLLBACK')" t
say 'SELECT 1'
id=$(sql 'SELECT max(run) FROM migrate.runs')
PGOPTIONS='-c statement_timeout=20s' sql "CALL migrate.wait($id)" 2>/dev/null
same "another process: wait starts it" "$(run)" 'upgrade|done'
close
sql "SELECT migrate.downgrade('base')" >/dev/null

# Every slot is taken: the launchers of the server and of the extension have them.
configure "shared_preload_libraries = 'migrate'" 'max_worker_processes = 2'
sql 'CREATE TABLE own (n int)'
before=$(sql 'SELECT count(*), max(run) FROM migrate.runs')
for statement in 'SELECT migrate.upgrade()' "SELECT migrate.upgrade('head', wait => false)"; do
    open
    say "BEGIN; INSERT INTO own VALUES (1); $statement"
    same "no slot: queued in the transaction" \
        "$(sql "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")" 1
    echo 'COMMIT;' >&"${session[1]}"
    wait "$session_pid" 2>/dev/null || true
    same "no slot: COMMIT says so" "$(grep '^ERROR' "$work/session")" \
        'ERROR:  no background worker slot is free'
    refused 53400 "BEGIN; INSERT INTO own VALUES (1); $statement; COMMIT"
done
refused 53400 "SELECT migrate.upgrade('head', wait => false)"
same "no slot: the transaction is rolled back" "$(sql 'SELECT count(*) FROM own')" 0
same "no slot: what it ran itself too" "$(sql "SELECT to_regclass('numbers')")" ''
same "no slot: no run is left" "$(sql 'SELECT count(*), max(run) FROM migrate.runs')" "$before"
same "no slot: nothing is applied" "$(sql 'SELECT count(*) FROM migrate.applied')" 0
configure 'max_worker_processes = 3'
sql 'BEGIN; INSERT INTO own VALUES (1); SELECT migrate.upgrade(); COMMIT' >/dev/null 2>&1
wait_until "$ended"
same "a slot: done" "$(run)" 'upgrade|done'
same "a slot: with the transaction" "$(sql 'SELECT count(*) FROM own')" 1

# It was queued, and the server comes back with too few of them.
for slots in 2 3; do
    configure 'max_worker_processes = 8'
    sql "SELECT migrate.downgrade('base')" >/dev/null
    printf '%s\n' "max_worker_processes = $slots" >>"$conf"
    in_the_queue server 'SELECT migrate.upgrade()'
    sleep 1
    same "$slots slots at the start: it stays in the queue" "$(run)" 'upgrade|queued'
    if ((slots == 2)); then
        id=$(sql 'SELECT max(run) FROM migrate.runs')
        refused 53400 "CALL migrate.wait($id)"
        same "$slots slots: still there" "$(run)" 'upgrade|queued'
    fi
    configure 'max_worker_processes = 8'
    wait_until "$ended"
    same "$slots slots, then more: done" "$(run)" 'upgrade|done'
done
sql "SELECT migrate.downgrade('base')" >/dev/null

# The owner of the extension is an ordinary role, who writes what she likes into its tables.
for role in alice bob carol; do sql "CREATE ROLE $role LOGIN"; done
sql 'CREATE DATABASE theirs OWNER alice'
as() { # ROLE STATEMENT [OPTION]...
    local role=$1
    shift
    sql "$1" -U "$role" -d theirs "${@:2}"
}
as alice 'CREATE EXTENSION migrate'
as alice 'CREATE TABLE who (what text, session_user_ text, user_ text); GRANT ALL ON who TO PUBLIC;
          GRANT ALL ON SCHEMA public TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA migrate TO PUBLIC;
          GRANT EXECUTE ON FUNCTION migrate.upgrade TO bob, carol;
          GRANT EXECUTE ON PROCEDURE migrate.wait TO bob, carol'
for number in 1 2 3 4; do
    as alice "SELECT migrate.load('000$number.sql', E'-- migrate:up\nVACUUM who;\n'
        'INSERT INTO who VALUES (''$number'', session_user, current_user);\n-- migrate:down\n')" >/dev/null
done

# forge REQUESTED-BY ROLE SETTINGS: alice writes a row as queue() would
forge() {
    as alice "INSERT INTO migrate.run (id, command, target, status, host, requested_by, role, application,
                  client, started_at, settings, queued_steps)
              SELECT coalesce(max(id), 0) + 1, 'upgrade', 'head', 'queued', 'worker', '$1', '$2', '', '',
                  now(), '$3', '{0001,0002,0003,0004}' FROM migrate.run RETURNING id"
}

forged=()
for whom in 'bob bob {}' 'alice bob {}' 'bob alice {}' 'postgres postgres {}' 'postgres alice {}' \
    'alice postgres {}' 'nobody nobody {}' 'postgres postgres {migrate.trust_loaders=alice}'; do
    # shellcheck disable=SC2086  # words
    forged+=("$(forge $whom)")
done
list=$(IFS=, && echo "${forged[*]}")
others="SELECT count(*) FROM who WHERE session_user_ IN ('bob', 'postgres')
                                       OR user_ IN ('bob', 'postgres')"
untouched() { # WHAT RUNS
    sleep 1
    same "$1: no forged run has been begun" \
        "$(sql "SELECT count(*) FROM migrate.run
                WHERE id IN ($2) AND (status <> 'queued' OR pid IS NOT NULL)" -d theirs)" 0
    same "$1: nothing ran as another" "$(sql "$others" -d theirs)" 0
}
configure '# the launcher looks again'
untouched launcher "$list"
as carol "SELECT migrate.upgrade('0001')" >/dev/null 2>&1
same "carol's own upgrade is hers" "$(sql 'SELECT * FROM who' -d theirs)" '1|carol|carol'
untouched carol "$list"
for id in "${forged[@]}"; do
    refused MG009 "CALL migrate.wait($id)" -U carol -d theirs
done
untouched "carol waits" "$list"

# Nor does it help to be named in the row.
as alice "SELECT migrate.upgrade('0002')" >/dev/null 2>&1 || true
as bob "SELECT migrate.upgrade('0003')" >/dev/null 2>&1 || true
sql 'TRUNCATE who' -d theirs
untouched "those who are named" "$list"

# A superuser does not run scripts of others, also not when the row has his name.
refused MG013 'SELECT migrate.upgrade()' -d theirs
wait_until "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'migrate worker'"
same "superuser: nothing ran as another" "$(sql "$others" -d theirs)" 0
for id in "${forged[@]}"; do
    refused MG009 "CALL migrate.wait($id)" -d theirs
done
untouched superuser "$list"
same "superuser: cancels what nobody can begin" \
    "$(sql "SELECT bool_and(migrate.cancel(id)) FROM unnest('{$list}'::bigint[]) id" -d theirs)" t
