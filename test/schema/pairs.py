#!/usr/bin/python3
"""Pairs of schemas: migrate.autogenerate() must make the one the other, and back.

For each directory DIR/NAME with a.sql (as it is) and b.sql (as it is wanted): a database is made
with a.sql, a revision with autogenerate(b.sql). It passes
  up     when pg_dump -s then is what it is after b.sql in a database of its own
  idle   when a second autogenerate finds nothing
  down   when the downgrade gives what pg_dump -s said before
  keep   where there are seed.sql, which fills a, and keep.sql: when that is true after upgrading
The order of columns in a table, and of statistics on them, does not count. Prints what fails, with the script.

Usage: pairs.py [-v] [-j JOBS] [DIR] [NAME...]; a server as PGHOST and PGPORT say, with the extension.
"""

import argparse
import concurrent.futures
import difflib
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def psql(database, sql=None, file=None, rows=False):
    command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database]
    if file:
        command += ["-f", file]
    done = subprocess.run(command, input=sql, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or "psql failed")
    return done.stdout if rows else done.stderr


def dump(database):
    done = subprocess.run(["pg_dump", "-s", database], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    text = done.stdout
    text = re.sub(r"(?m)^(--.*|\\(un)?restrict .*|)\n", "", text)
    text = re.sub(r"(?m)^(CREATE STATISTICS .* ON )((?:[^(,]*, )+)([^(,]*)( FROM )", sort_names, text)
    return re.sub(r"(?ms)^(CREATE (?:UNLOGGED |FOREIGN )*TABLE [^\n]*\(\n)(.*?)(\n\)[^\n]*)", sort_columns, text)


def sort_columns(match):
    lines = sorted(line.rstrip(",") for line in match.group(2).split("\n"))
    return match.group(1) + ",\n".join(lines) + match.group(3)


def sort_names(match):
    names = sorted((match.group(2) + match.group(3)).split(", "))
    return match.group(1) + ", ".join(names) + match.group(4)


def statements(text):
    """The dump as a list of statements, in an order of its own: dependencies decide pg_dump's."""
    return sorted(text.split(";\n"))


def differ(have, want):
    if statements(have) == statements(want):
        return ""
    return "\n".join(line for line in difflib.unified_diff(statements(want), statements(have), "wanted", "got", lineterm="", n=0))


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def check(directory, name):
    path = os.path.join(directory, name)
    a, b = "pair_a_" + str(abs(hash(name))), "pair_b_" + str(abs(hash(name)))
    problems = []
    script = ""
    for database in (a, b):
        psql("postgres", "DROP DATABASE IF EXISTS %s" % database)
        psql("postgres", "CREATE DATABASE %s TEMPLATE pair_template" % database)
    try:
        psql(a, file=os.path.join(path, "a.sql"))
        psql(b, file=os.path.join(path, "b.sql"))
        seed, keep = os.path.join(path, "seed.sql"), os.path.join(path, "keep.sql")
        if os.path.exists(seed):
            psql(a, file=seed)
        before, wanted = dump(a), dump(b)
        with open(os.path.join(path, "b.sql"), encoding="utf-8") as file:
            target = literal(file.read())
        try:
            script = psql(a, "SELECT migrate.autogenerate('pair', %s, dry_run => true)" % target, rows=True)
            warnings = psql(a, "SELECT migrate.autogenerate('pair', %s)" % target)
            if "not proven" in warnings:
                problems.append(("proof", warnings.strip()))
            psql(a, "SELECT migrate.upgrade()")
        except RuntimeError as error:
            return [("up", str(error))], script
        up = differ(dump(a), wanted)
        if up:
            problems.append(("up", up))
        if os.path.exists(keep):
            try:
                after = psql(a, file=keep, rows=True)
                if after.split() != ["t"]:
                    problems.append(("keep", after))
            except RuntimeError as error:
                problems.append(("keep", str(error)))
        try:
            again = psql(a, "SELECT migrate.autogenerate('pair', %s, dry_run => true)" % target, rows=True)
            if again.strip():
                problems.append(("idle", again))
        except RuntimeError as error:
            problems.append(("idle", str(error)))
        try:
            if before != wanted or script.strip():
                psql(a, "SELECT migrate.downgrade('base')")
            down = differ(dump(a), before)
            if down:
                problems.append(("down", down))
        except RuntimeError as error:
            problems.append(("down", str(error)))
    except RuntimeError as error:
        problems.append(("setup", str(error)))
    finally:
        for database in (a, b):
            try:
                for row in psql(database, "SELECT subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())", rows=True).split():
                    psql(database, "ALTER SUBSCRIPTION %s DISABLE; ALTER SUBSCRIPTION %s SET (slot_name = NONE); DROP SUBSCRIPTION %s" % (row, row, row))
                psql("postgres", "DROP DATABASE %s" % database)
            except RuntimeError as error:
                print(error, file=sys.stderr)
    return problems, script


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="print every script")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("directory", nargs="?", default=os.path.join(HERE, "pairs"))
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    names = arguments.names or sorted(os.listdir(arguments.directory))
    psql("postgres", "SELECT format('CREATE ROLE %I', r) FROM unnest(ARRAY['bench_r1', 'bench_r2']) AS r "
         "WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \\gexec")
    if psql("postgres", "SELECT FROM pg_tablespace WHERE spcname = 'bench_ts'", rows=True) == "":
        psql("postgres", "SET allow_in_place_tablespaces = on;\nCREATE TABLESPACE bench_ts LOCATION ''")
    psql("postgres", "DROP DATABASE IF EXISTS pair_template")
    psql("postgres", "CREATE DATABASE pair_template")
    psql("pair_template", "CREATE EXTENSION migrate")
    failed = {}
    with concurrent.futures.ThreadPoolExecutor(arguments.j) as pool:
        for name, (problems, script) in zip(names, pool.map(lambda n: check(arguments.directory, n), names)):
            if arguments.v or problems:
                print("== %s%s" % (name, "" if not problems else ": " + ", ".join(kind for kind, _ in problems)))
                print(script)
            for kind, text in problems:
                print("-- %s\n%s" % (kind, text))
                failed.setdefault(kind, []).append(name)
    bad = {name for names_ in failed.values() for name in names_}
    for kind, names_ in sorted(failed.items()):
        print("%s: %d failed" % (kind, len(names_)))
    print("%d pairs, %d passed, %d failed" % (len(names), len(names) - len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
