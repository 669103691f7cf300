#!/usr/bin/env bash
# The example trees go up, down to nothing and up again; pg_dump -s says that nothing is lost and
# nothing is left behind.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

roundtrip() { # TREE LAST-REVISION
    local empty full
    createdb "$1"
    export PGDATABASE=$1
    sql 'CREATE EXTENSION migrate'
    pg_migrate load "$root/examples/$1" >/dev/null
    empty=$(schema)
    psql -Xqc "SELECT * FROM migrate.upgrade('heads')" >/dev/null
    full=$(schema)
    [[ $full != "$empty" ]] || fail "$1: upgrade changed nothing"
    same "$1: at the head" "$(sql 'SELECT revision FROM migrate.current() WHERE is_head')" "$2"
    same "$1: no invalid index" "$(invalid_indexes)" ""
    psql -Xqc "SELECT * FROM migrate.downgrade('base')" >/dev/null
    same "$1: nothing is applied" "$(sql 'SELECT revision FROM migrate.current()')" ""
    same "$1: the downgrade leaves nothing behind" "$(schema)" "$empty"
    psql -Xqc "CALL migrate.upgrade_online('heads')" >/dev/null
    same "$1: the second upgrade makes the same schema" "$(schema)" "$full"
    same "$1: no invalid index after it" "$(invalid_indexes)" ""
    psql -Xqc "CALL migrate.downgrade_online('base')" >/dev/null
    same "$1: the second downgrade leaves nothing behind" "$(schema)" "$empty"
    same "$1: load and export agree" "$(
        sql "SELECT count(*) FROM migrate.load((SELECT jsonb_object_agg(path, script) FROM migrate.export()))
             WHERE status <> 'unchanged'"
    )" 0
}

roundtrip shop 4c8e50b2f69d
roundtrip dbmate 20240102093000
if [[ $(sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'") == 1 ]]; then
    roundtrip postgis 0003
fi

# One step up, down and up again, at every step of the line.
export PGDATABASE=shop
for ((i = 1; i <= 14; i++)); do
    before=$(schema)
    sql "SELECT migrate.upgrade('+1')" >/dev/null
    after=$(schema)
    sql "SELECT migrate.downgrade('-1')" >/dev/null
    same "shop: step $i down is exact" "$(schema)" "$before"
    sql "SELECT migrate.upgrade('+1')" >/dev/null
    same "shop: step $i up again is the same" "$(schema)" "$after"
done
same "shop: fourteen steps" "$(sql 'SELECT revision FROM migrate.current()')" 0014
