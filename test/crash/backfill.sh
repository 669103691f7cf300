#!/usr/bin/env bash
# Kills what works on a batched data change, again and again, and calls it again: in the end every row
# is changed exactly once.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'
rows=20000

# Two columns tell how often a row was changed: whoever changes one twice makes n 2 more.
fill() { # TABLE
    sql "CREATE TABLE $1 (id int PRIMARY KEY, n int NOT NULL, done boolean, pad text);
         INSERT INTO $1 SELECT i, 0, false, repeat('x', 200) FROM generate_series(1, $rows) i;
         CREATE INDEX ON $1 (done);
         ANALYZE $1"
}

changed() { # TABLE
    sql "SELECT count(*) FROM $1 WHERE done"
}

# interrupt HOW WHO TABLE: waits until some more rows are changed, then ends the process
interrupt() {
    local before pid
    before=$(changed "$3")
    wait_until "SELECT count(*) > $before FROM $3 WHERE done"
    wait_until "SELECT count(*) > 0 FROM pg_stat_activity WHERE $2 AND pid <> pg_backend_pid()"
    pid=$(sql "SELECT pid FROM pg_stat_activity WHERE $2 AND pid <> pg_backend_pid() LIMIT 1")
    case $1 in
        kill) kill -KILL "$pid" ;;
        stop) cluster stop immediate && cluster start ;;
        cancel) sql "SELECT pg_cancel_backend($pid)" >/dev/null ;;
        terminate) sql "SELECT pg_terminate_backend($pid)" >/dev/null ;;
    esac
    wait
    back
    wait_until "SELECT count(*) = 0 FROM pg_stat_activity
                WHERE backend_type = 'migrate worker' OR query LIKE 'CALL migrate.%'
                      AND pid <> pg_backend_pid()"
}

# repeatedly WHAT HOW WHO TABLE CALL: interrupts the call three times, lets it end, and counts
repeatedly() {
    local what=$1 how=$2 who=$3 table=$4 call=$5 i
    for i in 1 2 3; do
        PGOPTIONS="-c migrate.backfill_pause=40ms" sql "$call" >/dev/null 2>&1 &
        interrupt "$how" "$who" "$table"
    done
    same "$what: the table is not all done" "$(sql "SELECT bool_and(done) FROM $table")" f
    sql "$call" >/dev/null
    same "$what: every row is changed once" \
        "$(sql "SELECT count(*), sum(n), min(n), max(n), bool_and(done) FROM $table")" \
        "$rows|$rows|1|1|t"
    same "$what: no range is left" "$(sql 'SELECT count(*) FROM migrate.backfill_range')" 0
    same "$what: the job knows how many rows it were" \
        "$(sql "SELECT status, rows FROM migrate.backfills ORDER BY job DESC LIMIT 1")" \
        "done|$rows"
}

session="query LIKE 'CALL migrate.%' AND backend_type = 'client backend'"
helper="backend_type = 'migrate worker'"
for how in kill stop cancel terminate; do
    fill "by_hand_$how"
    repeatedly "$how" "$how" "$session" "by_hand_$how" \
        "CALL migrate.backfill('by_hand_$how', 'n = n + 1, done = true', 'NOT done',
                               target => '5 ms')"
done

fill by_key
repeatedly "by key" kill "$session" by_key \
    "CALL migrate.backfill('by_key', 'n = n + 1, done = true', 'NOT done',
                           batch => 'keyset', target => '5 ms')"

for how in kill terminate; do
    fill "parallel_$how"
    repeatedly "in parallel, a helper: $how" "$how" "$helper" "parallel_$how" \
        "CALL migrate.backfill('parallel_$how', 'n = n + 1, done = true', 'NOT done',
                               parallel => 3, target => '5 ms')"
done
fill parallel
repeatedly "in parallel, the caller" cancel "$session" parallel \
    "CALL migrate.backfill('parallel', 'n = n + 1, done = true', 'NOT done',
                           parallel => 3, target => '5 ms')"

# As a statement of a script: what is already done there is not begun again.
fill scripted
fill scripted_too
sql "SELECT migrate.revision('Fill', \$\$
CALL migrate.backfill('scripted', 'n = n + 1, done = true', 'NOT done', target => '5 ms');
UPDATE scripted SET done = false WHERE id = 1;
CALL migrate.backfill('scripted_too', 'n = n + 1, done = true', 'NOT done', target => '5 ms');
\$\$, 'SELECT 1', revision_id => 'f111')" >/dev/null
call="SELECT count(*) FROM migrate.upgrade()"
for table in scripted scripted scripted_too scripted_too; do
    PGOPTIONS="-c migrate.backfill_pause=40ms" sql "$call" >/dev/null 2>&1 &
    interrupt kill "$helper" $table
done
sql "$call" >/dev/null
for table in scripted scripted_too; do
    same "in a script: every row of $table is changed once" \
        "$(sql "SELECT count(*), sum(n), min(n), max(n) FROM $table")" "$rows|$rows|1|1"
done
same "in a script: the revision is applied" "$(sql 'SELECT revision FROM migrate.current()')" f111
same "in a script: each statement was one job" \
    "$(sql "SELECT relation, status, rows FROM migrate.backfills ORDER BY job DESC LIMIT 2")" \
    "public.scripted_too|done|$rows
public.scripted|done|$rows"

# The table is written anew in between, so the blocks are others.
fill rewritten
PGOPTIONS="-c migrate.backfill_pause=40ms" sql "CALL migrate.backfill('rewritten',
    'n = n + 1, done = true', 'NOT done', target => '5 ms')" >/dev/null 2>&1 &
interrupt kill "$session" rewritten
sql 'CLUSTER rewritten USING rewritten_pkey'
sql "CALL migrate.backfill('rewritten', 'n = n + 1, done = true', 'NOT done', target => '5 ms')"
same "written anew: every row is changed once" \
    "$(sql "SELECT count(*), sum(n), min(n), max(n) FROM rewritten")" "$rows|$rows|1|1"
