#!/usr/bin/python3
"""Pairs of schemas: migrate.autogenerate() must make the one the other, and back.

For each directory DIR/NAME with a.sql (as it is) and b.sql (as it is wanted): a database is made
with a.sql, a revision with autogenerate(b.sql). It passes
  up     when pg_dump -s then is what it is after b.sql in a database of its own
  idle   when a second autogenerate finds nothing
  down   when the downgrade gives what pg_dump -s said before
  keep   where there are seed.sql, which fills a, and keep.sql: when that is true after upgrading
The order of columns in a table, in statistics and in publications does not count. Prints what fails, with the script.

Usage: pairs.py [-v] [-j JOBS] [--part N/M] [--online] [DIR] [NAME...]; a server as PGHOST and PGPORT say, with the
extension. --part: every Mth, from the Nth on.
"""

import argparse
import concurrent.futures
import contextlib
import difflib
import os
import re
import subprocess
import sys

import psycopg2

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
    text = re.sub(r"(?m)^(ALTER PUBLICATION .* ADD TABLE [^(\n]*\()([^()\n]*, )([^(),\n]*)(\).*)$", sort_names, text)
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


class Session:
    """One connection: what the extension plans once stays planned."""

    def __init__(self, database):
        self.connection = psycopg2.connect(dbname=database)
        self.connection.autocommit = True

    def call(self, sql, *values):
        """The first value, and the warnings."""
        del self.connection.notices[:]
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(sql, values or None)
                value = cursor.fetchone()[0]
            except psycopg2.Error as error:
                parts = [error.diag.message_primary or str(error), error.diag.message_detail, error.diag.context]
                raise RuntimeError("\n".join(part for part in parts if part)) from error
        return value, "".join(notice for notice in self.connection.notices if notice.startswith("WARNING"))

    def close(self):
        self.connection.close()


class Problems(list):
    """(kind, text); `looking_at` turns an error into one."""

    @contextlib.contextmanager
    def looking_at(self, kind):
        try:
            yield
        except RuntimeError as error:
            self.append((kind, str(error)))

    def note(self, kind, text):
        if text:
            self.append((kind, text))


def drop(database):
    for row in psql(database, "SELECT subname FROM pg_subscription WHERE subdbid ="
                    " (SELECT oid FROM pg_database WHERE datname = current_database())", rows=True).splitlines():
        psql(database, 'ALTER SUBSCRIPTION "%s" DISABLE; ALTER SUBSCRIPTION "%s" SET (slot_name = NONE);'
             'DROP SUBSCRIPTION "%s"' % (row, row, row))
    psql("postgres", "DROP DATABASE %s" % database)


def judge(path, a, b, problems, online):
    """Returns the script."""
    psql(a, file=os.path.join(path, "a.sql"))
    psql(b, file=os.path.join(path, "b.sql"))
    seed, keep = os.path.join(path, "seed.sql"), os.path.join(path, "keep.sql")
    if os.path.exists(seed):
        psql(a, file=seed)
    before, wanted = dump(a), dump(b)
    with open(os.path.join(path, "b.sql"), encoding="utf-8") as file:
        target = file.read()
    session, script = Session(a), ""
    try:
        with problems.looking_at("up"):
            script = session.call("SELECT migrate.autogenerate('pair', %s, online => %s, dry_run => true)", target, online)[0] or ""
            made, warnings = session.call("SELECT migrate.autogenerate('pair', %s, online => %s)", target, online)
            problems.note("proof", warnings)
            session.call("SELECT migrate.upgrade() IS NULL" if made else "SELECT 1")
            problems.note("up", differ(dump(a), wanted))
        if problems:
            return script
        with problems.looking_at("keep"):
            after = psql(a, file=keep, rows=True).strip() if os.path.exists(keep) else "t"
            problems.note("keep", "" if after == "t" else after or "no row")
        with problems.looking_at("idle"):
            again = session.call("SELECT migrate.autogenerate('pair', %s, dry_run => true)", target)[0]
            problems.note("idle", again)
        with problems.looking_at("down"):
            if made:
                session.call("SELECT migrate.downgrade('base') IS NULL")
            problems.note("down", differ(dump(a), before))
        return script
    finally:
        session.close()


def check(directory, number, name, online):
    """The problems of a pair, and its script."""
    names = ["pair_%d_%s" % (number, which) for which in "ab"]
    problems, script = Problems(), ""
    with problems.looking_at("setup"):
        for database in names:
            psql("postgres", "DROP DATABASE IF EXISTS %s" % database)
            psql("postgres", "CREATE DATABASE %s TEMPLATE pair_template" % database)
        script = judge(os.path.join(directory, name), *names, problems, online)
    for database in names:
        with problems.looking_at("clean"):
            drop(database)
    return problems, script


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="print every script")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--online", action="store_true", help="scripts with the forms that keep nobody waiting")
    parser.add_argument("directory", nargs="?", default=os.path.join(HERE, "pairs"))
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    number, parts = map(int, arguments.part.split("/"))
    names = (arguments.names or sorted(os.listdir(arguments.directory)))[number % parts::parts]
    psql("postgres", "SELECT format('CREATE ROLE %I', r) FROM unnest(ARRAY['bench_r1', 'bench_r2']) AS r "
         "WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \\gexec")
    if psql("postgres", "SELECT 1 FROM pg_tablespace WHERE spcname = 'bench_ts'", rows=True) == "":
        psql("postgres", "SET allow_in_place_tablespaces = on;\nCREATE TABLESPACE bench_ts LOCATION ''")
    psql("postgres", "DROP DATABASE IF EXISTS pair_template")
    psql("postgres", "CREATE DATABASE pair_template")
    psql("pair_template", "CREATE EXTENSION migrate")
    failed = {}
    with concurrent.futures.ThreadPoolExecutor(arguments.j) as pool:
        results = pool.map(lambda pair: check(arguments.directory, *pair, arguments.online), enumerate(names))
        for name, (problems, script) in zip(names, results):
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
