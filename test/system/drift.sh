#!/usr/bin/env bash
# check() on a standby and after pg_dump | psql.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'
pg_migrate load "$root/examples/shop" >/dev/null
sql "SELECT migrate.upgrade('heads')" >/dev/null
same 'nothing has drifted' "$(sql 'SELECT migrate.check()')" t

createdb copy
pg_dump | sed '/^\\\(un\)\{0,1\}restrict /d' | psql -Xq -v ON_ERROR_STOP=1 -d copy >/dev/null
same 'nor has a copy' "$(sql 'SELECT migrate.check()' -d copy)" t
sql 'CREATE TABLE by_hand (id int)' -d copy
refused MG012 'SELECT migrate.check()' -d copy

port=$(cluster standby)
sql 'CREATE ROLE reader LOGIN; CREATE TABLE by_hand (id int)'
wait_until "SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication"
export PGUSER=reader
refused MG012 'SELECT migrate.check()' -p "$port"
same 'drift on a standby' "$(sql 'SELECT object, up, down FROM migrate.drift()' -p "$port")" \
    "public.by_hand|CREATE TABLE public.by_hand (
    id integer
);
ALTER TABLE public.by_hand OWNER TO postgres;|DROP TABLE public.by_hand;"
refused 42501 'SELECT migrate.record(true)' -p "$port"
PGUSER=postgres refused 25006 "SELECT migrate.accept_drift('no')" -p "$port"
PGUSER=postgres sql 'DROP TABLE by_hand'
PGUSER=postgres wait_until "SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication"
same 'check on a standby' "$(sql 'SELECT migrate.check()' -p "$port")" t
