#!/usr/bin/env bash
# The recorded schema when the server stops in the middle: never that of a state that the database is
# not in, and right again after the next run.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'

revision() { # ID UPGRADE DOWNGRADE
    sql "SELECT migrate.revision('$1', \$\$$2\$\$, \$\$$3\$\$, revision_id => '$1')" >/dev/null
}

stop_in() { # STATEMENT: starts it, waits until somebody sleeps, stops the server hard
    sql "$1" >/dev/null 2>&1 &
    wait_until "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    cluster stop immediate && cluster start
    wait
}

objects() {
    sql "SELECT string_agg(identity, ' ' ORDER BY identity) FROM migrate.schema_object
         WHERE kind = 'table'"
}

revision 0001 'CREATE TABLE a (id int)' 'DROP TABLE a'
revision 0002 'CREATE TABLE b (id int)' 'DROP TABLE b'
sql "SELECT migrate.upgrade('0001')" >/dev/null
sql 'CREATE TABLE drifted (id int)'
same 'drift is found' "$(sql 'SELECT object FROM migrate.drift()')" public.drifted

# Inline: nothing of it is there.
revision 0003 'CREATE TABLE c (id int); SELECT pg_sleep(600)' 'DROP TABLE c'
stop_in "SELECT migrate.upgrade('0003')"
same 'inline: the record is as before' "$(objects)" public.a
same 'inline: and so is the drift' "$(sql 'SELECT object FROM migrate.drift()')" public.drifted

# A transaction that had run to its end but for the commit.
stop_in "BEGIN; SELECT migrate.upgrade('0002'); SELECT pg_sleep(600)"
same 'before the commit: the record is as before' "$(objects)" public.a
sql "SELECT migrate.upgrade('0002')" >/dev/null
same 'the next run records what it does' "$(objects)" 'public.a public.b'
same 'and nothing else' "$(sql 'SELECT object FROM migrate.drift()')" public.drifted

# Worker: revisions that have committed, and nobody has recorded them.
sql "SELECT migrate.remove('0003')" >/dev/null
revision 0004 'CREATE TABLE d (id int)' 'DROP TABLE d'
revision 0005 'CREATE INDEX CONCURRENTLY d_id ON d (id); SELECT pg_sleep(600)' 'DROP INDEX d_id'
stop_in "CALL migrate.upgrade_online()"
same 'worker: a revision has committed' "$(sql 'SELECT revision FROM migrate.current()')" 0004
same 'worker: it is not on record' "$(objects)" 'public.a public.b'
refused MG009 'SELECT * FROM migrate.drift()'
refused MG009 'SELECT migrate.check()'
sql "SELECT migrate.resolve('0005', 'undo'); DROP INDEX IF EXISTS d_id; SELECT migrate.remove('0005')" >/dev/null
revision 0006 'CREATE TABLE e (id int)' 'DROP TABLE e'
sql "SELECT migrate.upgrade()" >/dev/null
same 'worker: the next run makes good' "$(objects)" \
    'public.a public.b public.d public.drifted public.e'
same 'all is well' "$(sql 'SELECT migrate.check()')" t

# A recording lasts.
sql 'SELECT migrate.record(true)' >/dev/null
sql 'CREATE TABLE f (id int)'
cluster stop immediate && cluster start
back
same 'a recording is there after a crash' \
    "$(sql "SELECT migrate.record_as('f', revision_id => '0007')")" 0007
same 'all is well again' "$(sql 'SELECT migrate.check()')" t
