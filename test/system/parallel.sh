#!/usr/bin/env bash
# Eight sessions call upgrade at once, as eight copies of an application do when they start: each
# succeeds, and every revision is applied once. So with a concurrent index in the plan, where a
# session that waited in the wrong way would deadlock the index build and leave it invalid.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

eight() { # STATEMENT
    local pids=() i failed=0
    for i in {1..8}; do
        psql -Xq -v ON_ERROR_STOP=1 -c "$1" >"$work/out.$i" 2>&1 &
        pids+=($!)
    done
    for i in {1..8}; do
        wait "${pids[i - 1]}" || {
            cat "$work/out.$i"
            failed=1
        }
    done
    ((failed == 0)) || fail "$PGDATABASE: not every session succeeded: $1"
}

# All transactional; a CREATE TABLE that ran twice would fail.
createdb tables
export PGDATABASE=tables
mkdir "$work/tables"
for i in {1001..1040}; do
    printf -- '-- migrate:up\nCREATE TABLE t%s (id int PRIMARY KEY);\n-- migrate:down\nDROP TABLE t%s;\n' \
        "$i" "$i" >"$work/tables/${i}_t.sql"
done
sql 'CREATE EXTENSION migrate'
pg_migrate load "$work/tables" >/dev/null
eight "SELECT * FROM migrate.upgrade('head')"
same "40 tables are there" "$(sql "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 40
same "the head is applied" "$(sql 'SELECT revision FROM migrate.current()')" 1040
eight "SELECT * FROM migrate.downgrade('base')"
same "no table is there" "$(sql "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 0

# With concurrent indexes, by either form.
for statement in "SELECT * FROM migrate.upgrade('heads')" "CALL migrate.upgrade_online('heads')"; do
    dropdb --if-exists shop
    createdb shop
    export PGDATABASE=shop
    sql 'CREATE EXTENSION migrate'
    pg_migrate load "$root/examples/shop" >/dev/null
    eight "$statement"
    same "the head is applied by $statement" \
        "$(sql 'SELECT revision FROM migrate.current() WHERE is_head')" 4c8e50b2f69d
    same "no index is invalid" "$(invalid_indexes)" ""
    same "the data came in once" "$(sql 'SELECT count(*) FROM orders')" 20000
done
