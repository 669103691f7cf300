#!/usr/bin/env bash
# One transaction that makes 3,000 tables needs more locks than the server has room for. The error says
# so, nothing is left behind, and the way out that its hint names works.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

python3 - "$work/tree" <<'PYTHON'
import os, sys

os.mkdir(sys.argv[1])
for i in range(1, 3001):
    with open(f"{sys.argv[1]}/{i:04}_table.sql", "w", encoding="utf-8") as file:
        file.write(f"-- migrate:up\nCREATE TABLE t{i:04} (id int PRIMARY KEY, word text);\n"
                   f"-- migrate:down\nDROP TABLE t{i:04};\n")
PYTHON
tables="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
# Room for far less, whatever the server was built with.
sql 'ALTER SYSTEM SET max_locks_per_transaction = 16'
cluster stop
cluster start
sql 'CREATE EXTENSION migrate'
pg_migrate load "$work/tree" >/dev/null

too_many() { # COMMAND TARGET
    local answer
    answer=$(sql "SELECT migrate.$1('$2')" -v VERBOSITY=verbose 2>&1) && fail "$1 had room for all locks"
    same "$1: the error" "$(sed -n 's/^ERROR: *//p' <<<"$answer")" "53200: out of shared memory"
    same "$1: its hint" "$(sed -n 's/^HINT: *//p' <<<"$answer")" \
        "You might need to increase max_locks_per_transaction. Or use CALL migrate.$1_online(), which commits after every revision."
    grep -qE "^CONTEXT: +revision [0-9]{4} " <<<"$answer" || fail "$1: no context in: $answer"
    same "$1: the run is on record" \
        "$(sql 'SELECT command, status, sqlstate FROM migrate.runs ORDER BY run DESC LIMIT 1')" \
        "$1|failed|53200"
}

too_many upgrade head
same "upgrade: nothing is left behind" "$(sql "$tables")" 0
sql "CALL migrate.upgrade_online('head')" 2>/dev/null
same "upgrade_online: every table is there" "$(sql "$tables")" 3000
same "upgrade_online: at the head" "$(sql 'SELECT revision, is_head FROM migrate.current()')" "3000|t"

too_many downgrade base
same "downgrade: every table is still there" "$(sql "$tables")" 3000
sql "CALL migrate.downgrade_online('base')" 2>/dev/null
same "downgrade_online: no table is there" "$(sql "$tables")" 0
same "downgrade_online: nothing is applied" "$(sql 'SELECT revision FROM migrate.current()')" ""
