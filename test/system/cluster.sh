#!/usr/bin/env bash
# bin/cluster leaves neither a server nor a directory behind, however it ends, and two may run at once.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

export TMPDIR=$work/clusters
mkdir "$TMPDIR"
chmod 711 "$work"
chmod 1777 "$TMPDIR"

nothing_left() { # WHAT
    same "$1: no directory is left" "$(ls "$TMPDIR")" ""
    local i pid
    pid=$(cat "$work/postmaster")
    for ((i = 0; i < 50; i++)); do
        # Gone, or dead and not yet collected by its parent.
        grep -qs '^State:[[:space:]]*[A-WYa-z]' "/proc/$pid/status" || return 0
        sleep 0.1
    done
    fail "$1: the server still runs"
}

# shellcheck disable=SC2016  # for the inner shells
{
    note='head -n 1 "$CLUSTER_DIR/data/postmaster.pid" >"$0"'
    status=0
    "$root/bin/cluster" run -d other sh -c "$note; exit 7" "$work/postmaster" 2>/dev/null || status=$?
    same "the command's exit status" "$status" 7
    nothing_left "after a failing command"

    for signal in HUP:129 TERM:143; do
        rm -f "$work/postmaster"
        "$root/bin/cluster" run sh -c "$note; psql -c 'SELECT pg_sleep(100)'" "$work/postmaster" \
            >/dev/null 2>&1 &
        cluster=$!
        for ((i = 0; i < 300; i++)); do
            [[ ! -s $work/postmaster ]] || break
            sleep 0.1
        done
        kill "-${signal%:*}" "$cluster"
        status=0
        wait "$cluster" || status=$?
        same "the exit status of a cluster ended by ${signal%:*}" "$status" "${signal#*:}"
        nothing_left "after ${signal%:*}"
    done

    "$root/bin/cluster" run sh -c "$note; psql -XqAtc 'SELECT 1'" "$work/postmaster" >"$work/one" &
    first=$!
    "$root/bin/cluster" run psql -XqAtc 'SELECT 2' >"$work/two"
    wait "$first"
    same "two clusters at once" "$(cat "$work/one" "$work/two")" $'1\n2'
    nothing_left "after two at once"
}
