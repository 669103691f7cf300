# shellcheck shell=bash
# For the programs of test/system and test/crash, which run inside bin/cluster run: an empty database
# of a fresh cluster is at PGHOST, PGPORT, PGDATABASE, as its superuser.
set -euo pipefail

# shellcheck disable=SC2034  # for the programs
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/migrate-test.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*"
    exit 1
}

# sql STATEMENT [PSQL-OPTION]...: its rows, bare
sql() {
    local statement=$1
    shift
    psql -XqAt -v ON_ERROR_STOP=1 "$@" -c "$statement"
}

same() { # WHAT GOT WANTED
    if [[ $2 != "$3" ]]; then
        diff <(printf '%s\n' "$3") <(printf '%s\n' "$2") || true
        fail "$1"
    fi
    echo "ok: $1"
}

# refused SQLSTATE STATEMENT [PSQL-OPTION]...: the statement fails, and so
refused() {
    local state=$1 statement=$2 answer
    shift 2
    if answer=$(sql "$statement" -v VERBOSITY=sqlstate "$@" 2>&1); then
        fail "not refused: $statement"
    fi
    same "$state from $statement" "$(grep '^ERROR' <<<"$answer")" "ERROR:  $state"
}

# wait_until STATEMENT: waits until it gives t, at most 30 seconds
wait_until() {
    local i
    for ((i = 0; i < 300; i++)); do
        [[ $(sql "$1") != t ]] || return 0
        sleep 0.1
    done
    fail "waited in vain: $1"
}

# Waits for the server, which has restarted by itself or is being started.
back() {
    wait_until 'SELECT true' 2>/dev/null
}

# The schema of a database as text. (pg_dump marks every dump with a random word of its own.)
schema() {
    pg_dump -s | sed '/^\\\(un\)\{0,1\}restrict /d'
}

invalid_indexes() {
    sql 'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid ORDER BY 1'
}
