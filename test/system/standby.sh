#!/usr/bin/env bash
# On a physical standby what reads works, and what writes says read_only_sql_transaction (25006).
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'
pg_migrate load "$root/examples/shop" >/dev/null
sql "SELECT migrate.upgrade('0009')" >/dev/null
standby=$(cluster standby)
[[ $(sql 'SELECT pg_is_in_recovery()' -p "$standby") == t ]] || fail "that is no standby"

for query in \
    'SELECT * FROM migrate.current()' \
    'SELECT * FROM migrate.heads()' \
    'SELECT * FROM migrate.branches()' \
    'SELECT * FROM migrate.history()' \
    "SELECT * FROM migrate.pending('heads')" \
    "SELECT * FROM migrate.show('0003')" \
    "SELECT * FROM migrate.plan('upgrade', 'heads')" \
    "SELECT * FROM migrate.plan('downgrade', 'base')" \
    "SELECT migrate.upgrade_sql('heads')" \
    "SELECT migrate.downgrade_sql('base')" \
    "SELECT migrate.script('0003')" \
    'SELECT * FROM migrate.export()' \
    'SELECT * FROM migrate.validate()' \
    'SELECT * FROM migrate.runs'; do
    same "reads: $query" "$(sql "$query" -p "$standby")" "$(sql "$query")"
done

for statement in \
    "SELECT migrate.upgrade('heads')" \
    "SELECT migrate.upgrade('+1')" \
    "SELECT migrate.upgrade('heads', false)" \
    "SELECT migrate.downgrade('base')" \
    "CALL migrate.upgrade_online('heads')" \
    "SELECT migrate.stamp('{0003}')" \
    "SELECT migrate.revision('m', 'SELECT 1')" \
    "SELECT migrate.merge('m')" \
    "SELECT migrate.rehearse()" \
    "SELECT migrate.derive_downgrade('SELECT 1')" \
    "SELECT migrate.load('0100_x.sql', E'-- migrate:up\nSELECT 1;\n')" \
    "SELECT migrate.remove('4c8e50b2f69d')"; do
    refused 25006 "$statement" -p "$standby"
done
