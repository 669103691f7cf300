#!/usr/bin/env bash
# bin/pg_migrate: what it loads arrives byte by byte, its commands are the SQL functions, and errors
# and exit statuses come through.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

sql 'CREATE EXTENSION migrate'

# What loading may make right: the byte order mark, carriage returns, a missing last newline.
# shellcheck disable=SC1003  # sed adds the newline that is missing
normalised() {
    sed -e '1s/^\xEF\xBB\xBF//' -e 's/\r$//' -e '$a\' "$1"
}

# Files that trip a client which quotes or splits in the wrong way.
tree=$work/tree
mkdir "$tree"
head='-- migrate:up\nSELECT 1;\n'
quotes="'it''s' \"q\" :var :'var' :\"var\" \$\$ \$tag\$ \$1"
# shellcheck disable=SC1003,SC2059  # these are formats
{
    printf -- "$head"'-- %s \\ \\q\nSELECT E'"'"'\\\\'"'"';' "$quotes" >"$tree/01_quotes.sql"
    printf -- "$head"'\n-- %s\n-- ends in a dollar $' "$quotes" >"$tree/02_no_final_newline.sql"
    printf -- '-- migrate:up\r\nSELECT 1;\r\n-- migrate:down\r\n' >"$tree/03_crlf.sql"
    printf '\357\273\277'"$head"'\n\n' >"$tree/04_byte_order_mark.sql"
    printf -- "$head"'-- \303\204 \346\227\245\346\234\254 \360\237\216\211\n' >"$tree/05_ütf8.sql"
    printf -- "$head"'-- %0300000d\n' 7 >"$tree/06_long_line.sql"
    printf -- "$head-- migrate:down\n" >"$tree/07 it's a \"name\" \\n \$f\$.sql"
    printf -- "-- migrate:revision dash\n$head" >"$tree/-dash.sql"
}
pg_migrate load "$tree" >"$work/out" 2>&1 || fail "load: $(cat "$work/out")"
grep -q '^ *01_quotes.sql *| *01 *| *new' "$work/out" || fail "load reports: $(cat "$work/out")"
for file in "$tree"/*.sql; do
    stored=$(psql -XqAt -v path="${file##*/}" <<<"SELECT encode(sha256(convert_to(script, 'UTF8')), 'hex')
        FROM migrate.export() WHERE path = :'path';")
    normal=$(normalised "$file" | sha256sum)
    raw=$(sha256sum <"$file")
    [[ "$stored  -" == "$raw" || "$stored  -" == "$normal" ]] || fail "changed on the way: $file"
    echo "ok: loaded ${file##*/}"
done
same "a second load changes nothing" \
    "$(pg_migrate load "$tree/" | grep -c '| unchanged')" 8
same "script prints a script as it is" "$(pg_migrate script 01 | sha256sum)" \
    "$(normalised "$tree/01_quotes.sql" | sha256sum)"

# Each command does what its function does.
pg_migrate upgrade 01 >/dev/null
same "upgrade to a target" "$(sql 'SELECT revision FROM migrate.current()')" 01
pg_migrate upgrade >/dev/null
pg_migrate downgrade --online -1 >/dev/null
pg_migrate stamp --purge 01 >/dev/null
same "stamp" "$(sql 'SELECT revision FROM migrate.current()')" 01
for command in current heads branches history 'history base:01' pending 'pending +1' 'show 01' \
    validate runs status plan 'plan +1' 'plan downgrade base' 'upgrade-sql +1' 'downgrade-sql 01' \
    --version 'upgrade --online +1'; do
    # shellcheck disable=SC2086  # words
    pg_migrate $command >"$work/out" 2>&1 || fail "pg_migrate $command: $(cat "$work/out")"
    echo "ok: pg_migrate $command"
done
at=(-h "$PGHOST" --port "$PGPORT" --username="$PGUSER" -d"$PGDATABASE")
same "the options of a connection" \
    "$(env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE pg_migrate "${at[@]}" --version)" \
    "$(pg_migrate --version)"
same "a connection string" \
    "$(env -u PGHOST -u PGDATABASE pg_migrate -d "host=$PGHOST dbname=$PGDATABASE" --version)" \
    "$(pg_migrate --version)"

# Errors and exit statuses.
exits() { # STATUS TEXT ARGUMENT...
    local wanted=$1 text=$2 status=0
    shift 2
    pg_migrate "$@" >"$work/out" 2>&1 || status=$?
    same "exit status of: pg_migrate $*" "$status" "$wanted"
    grep -qF -e "$text" "$work/out" || fail "pg_migrate $*: $(cat "$work/out")"
}
mkdir "$work/empty"
exits 0 'Usage:' --help
exits 1 'no command given'
exits 1 'no such command' frobnicate
exits 1 'usage: pg_migrate downgrade' downgrade
exits 1 'has no option' upgrade --force
exits 1 'no such directory' load "$work/nowhere"
exits 1 'no *.sql file' load "$work/empty"
exits 2 'nosuchdatabase' -d nosuchdatabase current
exits 3 'ERROR:' upgrade nosuchrevision
printf -- '-- migrate:up\nSELECT 1;;\nSELEKT 2;\n' >"$work/empty/0001_bad.sql"
exits 3 'LINE 3' load "$work/empty"
