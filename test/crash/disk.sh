#!/usr/bin/env bash
# The disk is full: the one that an index is built on, and the one of the write-ahead log, which ends
# the server. With room again, the next upgrade comes to the same end. Needs to mount a tmpfs.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

mounted=()
clean() {
    local at
    cluster stop immediate >/dev/null 2>&1 || true
    for at in ${mounted[@]+"${mounted[@]}"}; do umount -l "$at"; done
    rm -rf "$work"
}
trap clean EXIT

disk() { # NAME SIZE: an empty file system that the server may write
    mkdir "$CLUSTER_DIR/$1"
    mount -t tmpfs -o "size=$2" migrate-test "$CLUSTER_DIR/$1" 2>/dev/null || {
        echo "mounting a tmpfs is not allowed here"
        exit 77
    }
    mounted+=("$CLUSTER_DIR/$1")
    chown --reference="$CLUSTER_DIR/data" "$CLUSTER_DIR/$1"
    chmod 700 "$CLUSTER_DIR/$1"
}

fill() { # NAME LEAVE-KILOBYTES
    local room
    room=$(df -k --output=avail "$CLUSTER_DIR/$1" | tail -n 1)
    ((room > $2)) || fail "no $2 kB are free on $1"
    head -c $(((room - $2) * 1024)) /dev/zero >"$CLUSTER_DIR/$1/filler"
}

finish() { # WHAT
    sql "SELECT migrate.upgrade('head')" >/dev/null
    same "$1: at the head" "$(sql 'SELECT revision FROM migrate.current()')" 0003
    same "$1: no invalid index" "$(invalid_indexes)" ''
    same "$1: nothing is unfinished" "$(sql 'SELECT * FROM migrate.unfinished')" ''
    same "$1: every statement ran once" "$(sql 'SELECT what, count(*) FROM counters GROUP BY 1 ORDER BY 1')" \
        "$(printf '%s\n' 'after|1' 'before|1' 'last|1')"
    same "$1: all rows are there" "$(sql 'SELECT count(*) FROM numbers')" 500000
}

disk space 8m
disk log 300m
sql 'CREATE EXTENSION migrate'
sql "CREATE TABLESPACE small LOCATION '$CLUSTER_DIR/space'"
mkdir "$work/tree"
cat >"$work/tree/0001_table.sql" <<'SQL'
-- migrate:up
CREATE TABLE numbers (n int);
CREATE TABLE counters (what text);
SQL
cat >"$work/tree/0002_index.sql" <<'SQL'
-- migrate:up
INSERT INTO counters VALUES ('before');
INSERT INTO numbers SELECT generate_series(1, 500000);
CREATE INDEX CONCURRENTLY numbers_n ON numbers (n) TABLESPACE small;
INSERT INTO counters VALUES ('after');
SQL
cat >"$work/tree/0003_index.sql" <<'SQL'
-- migrate:up
CREATE INDEX CONCURRENTLY ON numbers (n, (n + 1), (n + 2));
REINDEX INDEX CONCURRENTLY numbers_n_expr_expr1_idx;
INSERT INTO counters VALUES ('last');
SQL
pg_migrate load "$work/tree" >/dev/null

# The tablespace of the index.
refused 53100 "SELECT migrate.upgrade('head')"
same "tablespace: what came before is done" "$(sql 'SELECT done, in_flight FROM migrate.unfinished')" '2|'
same "tablespace: no invalid index" "$(invalid_indexes)" ''
refused 53100 "SELECT migrate.upgrade('head')"
mount -o remount,size=100m "$CLUSTER_DIR/space"
finish tablespace

# The write-ahead log, with more and more room, but never enough.
cluster stop fast
cluster as-server pg_resetwal -D "$CLUSTER_DIR/data" >/dev/null # no segments to recycle
cp -a "$CLUSTER_DIR/data/pg_wal" "$CLUSTER_DIR/log/"
rm -rf "$CLUSTER_DIR/data/pg_wal"
ln -s "$CLUSTER_DIR/log/pg_wal" "$CLUSTER_DIR/data/pg_wal"
# A checkpoint in the middle of it would make room.
printf '%s\n' "min_wal_size = '32MB'" 'wal_recycle = off' "checkpoint_timeout = '1d'" 'autovacuum = off' \
    >>"$CLUSTER_DIR/data/postgresql.conf"
cluster start

# At the base, with no segment that is not needed. A process that has one open would give its room
# back only when it closes it, so there are new processes.
again() {
    sql 'DROP TABLE numbers, counters'
    sql "SELECT migrate.stamp('{}', purge => true)" >/dev/null
    sql 'CHECKPOINT'
    cluster stop fast
    cluster start
}

again
before=$(sql 'SELECT pg_current_wal_lsn()')
finish "log, undisturbed"
needed=$(sql "SELECT (pg_current_wal_lsn() - '$before') / (1024 * 1024)" | cut -d. -f1)
echo "# it writes $needed MB"
((needed > 40)) || fail "it writes too little"
tries=6
for ((try = 0; try <= tries; try++)); do
    # There may be a segment's room (16 MB) beside it.
    leave=$((2 + (needed - 24) * try / tries))
    again
    fill log $((leave * 1024))
    status=0
    sql "SELECT migrate.upgrade('head')" >/dev/null 2>&1 || status=$?
    rm "$CLUSTER_DIR/log/filler"
    ((status != 0)) || fail "$leave MB were enough for $needed MB"
    for ((i = 0; i < 100; i++)); do
        if sql 'SELECT 1' >/dev/null 2>&1; then break; fi
        cluster stop immediate >/dev/null 2>&1 || true
        cluster start >/dev/null 2>&1 || true
    done
    echo "# $leave MB for the log: $(sql 'SELECT revision, done, in_flight FROM migrate.unfinished')"
    finish "log, $leave MB"
done
