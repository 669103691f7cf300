#!/usr/bin/env bash
# The two doors between C++ and PostgreSQL, 100,000 times each way: every error arrives with all its
# fields, no destructor is skipped, no memory grows. And a deadline takes nobody else's cancel.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../lib.sh"

# Two backends' worth of noise in the allocator; one leaked guest of 2 kB per round would be 200 MB.
allowed_kb=4096
rounds=100000

chmod 755 "$work"
read -ra flags <<<"$("$PG_CONFIG" --cppflags)"
"${CXX:-g++}" -std=c++20 -O1 -g -fPIC -shared -Wall -Wextra -Werror -fvisibility=default \
    "${flags[@]}" -isystem "$("$PG_CONFIG" --includedir-server)" -I"$root/src" \
    "$root/test/doors/doors.cpp" "$root/src/pg/guard.cpp" \
    "$root/src/pg/deadline.cpp" -o "$work/doors.so" -lfmt

sql "CREATE FUNCTION doors_throw(text) RETURNS void AS '$work/doors' LANGUAGE c;
     CREATE FUNCTION doors_catch(text, int) RETURNS int AS '$work/doors' LANGUAGE c;
     CREATE FUNCTION doors_nested(text) RETURNS void AS '$work/doors' LANGUAGE c;
     CREATE FUNCTION doors_deadline(text) RETURNS text AS '$work/doors' LANGUAGE c;
     CREATE FUNCTION doors_alive() RETURNS bigint AS '$work/doors' LANGUAGE c;
     CREATE FUNCTION doors_resident() RETURNS bigint AS '$work/doors' LANGUAGE c"

answer() { # KIND FUNCTION: the error in all its fields
    psql -XqAt -v VERBOSITY=verbose -c "SELECT doors_$2('$1')" 2>&1 |
        grep -v '^LOCATION' | tr '\n' '|'
}

for function in throw nested; do
    same "$function: an error of our own" "$(answer own $function)" \
        'ERROR:  MG003: several heads own|DETAIL:  A detail.|HINT:  A hint.|'
    same "$function: ... with its place" "$(answer located $function)" \
        'ERROR:  MG010: here|LINE 1: select x|               ^|QUERY:  select x|CONTEXT:  file "a.sql", line 1|'
    same "$function: out of memory" "$(answer memory $function)" 'ERROR:  53200: out of memory|'
    same "$function: a standard exception" "$(answer standard $function)" 'ERROR:  XX000: out of range|'
    same "$function: anything else" "$(answer number $function)" 'ERROR:  XX000: unknown C++ exception|'
    same "$function: an error of PostgreSQL" "$(answer raise $function)" \
        'ERROR:  22012: divided|DETAIL:  By zero.|HINT:  Do not.|'
done

deadline() { # KIND OUTCOME: of the statement, and of the next one
    same "deadline: $1" "$(sql "SELECT doors_deadline('$1')")" "$2"
}

deadline alone late
deadline unnoticed 'done'
deadline both cancelled
deadline 'both, unnoticed' 'done, cancelled'
deadline 'deadline, then user' 'late, cancelled'
deadline 'deadline, then user later' 'late, cancelled'
deadline 'user, then deadline' cancelled

# Of one session: what it says after each statement.
session() {
    psql -XqAt -v ON_ERROR_STOP=1
}

# A first round warms the allocators up; what comes after it must not grow.
for kind in own located memory standard number raise; do
    same "caught in C++, $rounds times: $kind" "$(session <<<"
        SELECT doors_catch('$kind', 1000), doors_resident() AS before \gset
        SELECT doors_catch('$kind', $rounds), doors_alive(), doors_resident() - :before < $allowed_kb
        ")" "$rounds|0|t"
done

for function in throw nested; do
    same "caught in SQL, $rounds times: $function" "$(session <<<"
        CREATE FUNCTION pg_temp.caught(rounds int) RETURNS int LANGUAGE plpgsql AS \$\$
        DECLARE
            kinds text[] := '{own,located,memory,standard,number,raise}';
            result int := 0;
        BEGIN
            FOR i IN 1..rounds LOOP
                BEGIN
                    PERFORM doors_$function(kinds[1 + i % 6]);
                EXCEPTION WHEN OTHERS THEN
                    result := result + 1;
                END;
            END LOOP;
            RETURN result;
        END \$\$;
        SELECT pg_temp.caught(20000), doors_resident() AS before \gset
        SELECT pg_temp.caught($rounds), doors_alive(), doors_resident() - :before < $allowed_kb
        ")" "$rounds|0|t"
done
