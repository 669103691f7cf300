#!/usr/bin/env bash
# pg_dump | psql into a fresh database keeps the revisions and what is applied: as superuser, and as
# an ordinary role that owns the database and created the extension herself.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

dump() { # DATABASE
    pg_dump "$1" | sed '/^\\\(un\)\{0,1\}restrict /d'
}

copy_and_go_on() { # FROM TO
    sql 'CREATE EXTENSION migrate' -d "$1"
    pg_migrate -d "$1" load "$root/examples/shop" >/dev/null
    sql "SELECT migrate.upgrade('0014')" -d "$1" >/dev/null
    dump "$1" >"$work/dump.sql"
    psql -Xq -v ON_ERROR_STOP=1 -d "$2" -f "$work/dump.sql" >/dev/null
    for query in \
        'SELECT * FROM migrate.current()' \
        'SELECT * FROM migrate.history()' \
        'SELECT * FROM migrate.export()' \
        'SELECT * FROM migrate.runs' \
        "SELECT * FROM migrate.plan('upgrade', 'heads')"; do
        same "$2: $query" "$(sql "$query" -d "$2")" "$(sql "$query" -d "$1")"
    done
    same "$2: the dump of the copy is the dump" "$(dump "$2")" "$(cat "$work/dump.sql")"
    sql "SELECT migrate.upgrade('heads')" -d "$2" >/dev/null
    same "$2: goes on to the head" \
        "$(sql 'SELECT revision FROM migrate.current() WHERE is_head' -d "$2")" 4c8e50b2f69d
    sql "SELECT migrate.downgrade('base')" -d "$2" >/dev/null
    same "$2: and back to nothing" "$(sql 'SELECT revision FROM migrate.current()' -d "$2")" ""
}

createdb original
createdb copy
copy_and_go_on original copy

sql 'CREATE ROLE shopkeeper LOGIN'
createdb -O shopkeeper her_original
createdb -O shopkeeper her_copy
PGUSER=shopkeeper copy_and_go_on her_original her_copy
