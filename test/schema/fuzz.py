#!/usr/bin/python3
"""Random pairs of schemas: migrate.autogenerate() must make the one the other, and back.

Each pair is a random schema and some random edits of it (fuzz_make*.py, fuzz_edit.py). It passes
when autogenerate() gives a proven plan, the upgrade gives what the second text says, and the
downgrade what was there. That is decided by a second autogenerate() that finds nothing, and for a
share of the pairs (--dump) by pg_dump -s besides, as in pairs.py; a dump costs as much as all the
rest. A pair whose own DDL fails is the generator's fault and is skipped. Tables that no edit
touches may hold rows (--rows), which must be the same afterwards.

Usage: fuzz.py [--pairs N] [--seed S] [--size SIZE] [-j JOBS] [--time SECONDS] [--keep DIR]
[--minimise]; a server as PGHOST and PGPORT say, with the extension. A failure's seed alone makes
it again: --seed SEED --pairs 1 --dump 1.
"""

import argparse
import multiprocessing
import os
import random
import re
import sys
import time

import psycopg2

import pairs
from fuzz_edit import Editor
from fuzz_minimise import Minimiser
from fuzz_model import Model, marks

SIZES = {"small": ((2, 8), (1, 2)), "medium": ((10, 25), (2, 6)), "large": ((50, 120), (8, 25))}
TEMPLATE = "fuzz_template"


class Skip(Exception):
    pass


class Failure(Exception):
    def __init__(self, kind, text):
        super().__init__(text)
        self.kind, self.text = kind, text

    def signature(self):
        """What makes two failures the same."""
        text, _, rest = self.text.partition("\n")
        text += " in " + words(rest.split("\n")[0]) if rest else ""
        if self.kind in ("up", "down", "idle", "unmade"):
            lines = {words(line) for line in self.text.split("\n") if line[:1] in "+-A CDG" and line[:3] not in ("---", "+++")}
            text = " / ".join(sorted(lines - {""})[:3])
        return self.kind + ": " + re.sub(r'"[^"]*"|\'[^\']*\'|[\w.]*\d[\w.]*|\(.*\)', "_", text)


def words(line):
    return " ".join(re.findall(r"[A-Z]{2,}", line.lstrip("+-"))[:4])


def describe(error):
    diag = error.diag
    parts = [diag.message_primary or str(error), diag.message_detail, diag.message_hint, diag.context]
    return "\n".join(part for part in parts if part)


def lost(error):
    """Whether it is the connection that failed: other errors have a code."""
    return isinstance(error, psycopg2.OperationalError) and (error.pgcode is None or error.pgcode.startswith("57P"))


def connect(database):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


class Bench:
    """Databases of one worker, made new from a template for each pair."""

    def __init__(self, number):
        self.root = connect("postgres")
        self.names = ["fuzz_%d_%s" % (number, which) for which in "ab"]

    def run(self, sql):
        with self.root.cursor() as cursor:
            cursor.execute(sql)

    def fresh(self, name):
        self.run("DROP DATABASE IF EXISTS %s WITH (FORCE)" % name)
        self.run("CREATE DATABASE %s TEMPLATE %s" % (name, TEMPLATE))
        return connect(name)

    def close(self):
        for name in self.names:
            self.run("DROP DATABASE IF EXISTS %s WITH (FORCE)" % name)
        self.root.close()

    def apply(self, name, text):
        """A database of the name with the text in it."""
        connection = self.fresh(name)
        try:
            with connection.cursor() as cursor:
                for statement in text.split(";\n"):
                    if statement.strip():
                        cursor.execute(statement)
        except psycopg2.Error as error:
            connection.close()
            if lost(error):
                raise
            raise Skip("%s: %s" % (describe(error).replace("\n", " | "), statement.strip()))
        return connection

    def check(self, a, b, dumps, rows=()):
        """Raises Failure or Skip."""
        try:
            self.try_pair(a, b, dumps, rows)
        except psycopg2.OperationalError as error:
            self.wait()
            raise Failure("crash", str(error)) from error

    def wait(self):
        for _ in range(60):
            time.sleep(1)
            try:
                self.root = connect("postgres")
                return
            except psycopg2.OperationalError:
                pass
        sys.exit("the server is gone")

    def try_pair(self, a, b, dumps, rows):
        name, other = self.names
        connection = self.apply(name, a)
        cursor = connection.cursor()

        def call(kind, sql, *values):
            try:
                cursor.execute(sql, values or None)
                return cursor.fetchone()[0]
            except psycopg2.Error as error:
                if lost(error):
                    raise
                if kind == "plan":
                    self.apply(other, b).close()  # is the text at fault?
                    if error.pgcode == "42501" and "CREATE MATERIALIZED VIEW" in describe(error):
                        # Only while the views below it had other owners: no dump restores that.
                        raise Skip(describe(error)) from error
                raise Failure(kind, describe(error)) from error

        try:
            kept = self.fill(cursor, rows)
            before = pairs.dump(name) if dumps else None
            cursor.execute("SET statement_timeout = '120s'")
            del connection.notices[:]
            made = call("plan", "SELECT migrate.autogenerate('fuzz', %s)", b)
            unproven = [notice for notice in connection.notices if "not proven" in notice]
            if unproven:
                self.apply(other, b).close()
                raise Failure("unproven", "".join(unproven))
            if made:
                call("upgrade", "SELECT migrate.upgrade() IS NULL")
            if dumps:
                self.apply(other, b).close()
                text = pairs.differ(pairs.dump(name), pairs.dump(other))
                if text:
                    raise Failure("up" if made else "unmade", text)
            self.compare(cursor, kept)
            again = call("plan again", "SELECT migrate.autogenerate('fuzz', %s, dry_run => true)", b)
            if again:
                raise Failure("idle", again)
            if not made:
                return
            call("downgrade", "SELECT migrate.downgrade('base') IS NULL")
            self.compare(cursor, kept)
            if dumps:
                text = pairs.differ(pairs.dump(name), before)
                if text:
                    raise Failure("down", text)
            else:
                again = call("plan back", "SELECT migrate.autogenerate('fuzz', %s, dry_run => true)", a)
                if again:
                    raise Failure("down", again)
        finally:
            connection.close()

    def fill(self, cursor, rows):
        """Some rows, where a table takes them; what they then are."""
        kept = {}
        for table, inserts in rows:
            for insert in inserts:
                try:
                    cursor.execute(insert)
                except psycopg2.Error as error:
                    if lost(error):
                        raise
            kept[table] = self.content(cursor, table)
        return kept

    @staticmethod
    def content(cursor, table):
        cursor.execute("SELECT to_jsonb(r)::text FROM ONLY %s AS r ORDER BY 1" % table)
        return cursor.fetchall()

    def compare(self, cursor, kept):
        for table, was in kept.items():
            try:
                now = self.content(cursor, table)
            except psycopg2.Error as error:
                if lost(error):
                    raise
                raise Failure("rows", describe(error)) from error
            if now != was:
                raise Failure("rows", "%s: %s became %s" % (table, was, now))


def unchanged_tables(a, b):
    """Tables that are the same on both sides, with all that they need and all that needs them."""
    touched = {n for n in set(a.nodes) | set(b.nodes) if a.nodes.get(n) != b.nodes.get(n) or (n in a.nodes and a.name(a.nodes[n]) != b.name(b.nodes[n]))}

    def needed(number):
        found, queue = set(), [number]
        while queue:
            number = queue.pop()
            if number not in found:
                found.add(number)
                queue += marks(a.nodes[number])
        return found

    for table in a.of("table"):
        near = set(a.dependants(table.id)) | (set(b.dependants(table.id)) if table.id in b.nodes else set())
        near.update(column.id for column in a.columns(table))
        if table.id in b.nodes:
            near.update(column.id for column in b.columns(b.nodes[table.id]))
        if touched & (near | {n for part in near & set(a.nodes) for n in needed(part)}) or "partition" in table:
            continue
        yield a.name(table), ["INSERT INTO %s DEFAULT VALUES" % a.name(table)] * 2


def make(seed, size):
    rng = random.Random(seed)
    (least, most), edits = SIZES[size]
    a = Model()
    Editor(rng, a).fill(rng.randint(least, most))
    b = a.copy()
    made = Editor(rng, b).edit(rng.randint(*edits))
    return a, b, made


def work(job):
    number, seeds, options, end = job
    bench = Bench(number)
    results = []
    for seed in seeds:
        if end and time.time() > end:
            break
        results.append((seed,) + one(bench, seed, options))
        failure = results[-1]
        if failure[1] == "failed" or options.v:
            print("== seed %d %s: %s\n   %s\n" % (seed, failure[1], failure[2], failure[3].strip().replace("\n", "\n   ")), flush=True)
    bench.close()
    return results


def one(bench, seed, options):
    a, b, edits = make(seed, options.size)
    rng = random.Random(seed)
    dumps, rows = rng.random() < options.dump, list(unchanged_tables(a, b)) if rng.random() < options.rows else []
    try:
        bench.check(a.ddl(), b.ddl(), dumps, rows)
        return "passed", "", "; ".join(edits)
    except Skip as skip:
        return "skipped", str(skip), ""
    except Failure as failure:
        found = failure
    signature = found.signature()
    if options.keep:
        write(options.keep, seed, a, b, found)
        if options.minimise and claim(options.keep, signature):
            def fails(one_a, one_b):
                try:
                    bench.check(one_a.ddl(), one_b.ddl(), dumps, unchanged_tables(one_a, one_b) if rows else [])
                except Failure as failure:
                    return failure.signature() == signature
                except Skip:
                    pass
                return False

            a, b = Minimiser(a, b, fails, options.minimise).run()
            try:
                bench.check(a.ddl(), b.ddl(), dumps, unchanged_tables(a, b) if rows else [])
            except Failure as failure:
                found = failure
            except Skip:
                pass
            write(options.keep, "%d_min" % seed, a, b, found)
    return "failed", signature, found.text


def claim(directory, signature):
    """Whether this is the first failure of its kind."""
    mark = os.path.join(directory, ".seen_%08x" % (random.Random(signature).getrandbits(32)))
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def write(directory, name, a, b, failure):
    path = os.path.join(directory, str(name))
    os.makedirs(path, exist_ok=True)
    for file, text in (("a.sql", a.ddl()), ("b.sql", b.ddl()), ("error", failure.signature() + "\n\n" + failure.text + "\n")):
        with open(os.path.join(path, file), "w", encoding="utf-8") as out:
            out.write(text)


def prepare():
    root = connect("postgres")
    with root.cursor() as cursor:
        for role in ("bench_r1", "bench_r2"):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
            if not cursor.fetchone():
                cursor.execute("CREATE ROLE " + role)
        cursor.execute("DROP DATABASE IF EXISTS " + TEMPLATE)
        cursor.execute("CREATE DATABASE " + TEMPLATE)
    root.close()
    template = connect(TEMPLATE)
    template.cursor().execute("CREATE EXTENSION migrate")
    template.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="of the first pair; the next has the next number")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("-j", type=int, default=1)
    parser.add_argument("--time", type=float, help="stop after so many seconds")
    parser.add_argument("--dump", type=float, default=0.3, help="share of the pairs that pg_dump judges")
    parser.add_argument("--rows", type=float, default=0.3, help="share of the pairs with rows")
    parser.add_argument("--keep", metavar="DIR", help="write what fails there")
    parser.add_argument("--minimise", type=float, nargs="?", const=60, help="seconds for the first failure of each kind; needs --keep")
    parser.add_argument("-v", action="store_true", help="a line for every pair")
    options = parser.parse_args()
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    prepare()
    started = time.time()
    end = started + options.time if options.time else None
    seeds = range(options.seed, options.seed + options.pairs)
    jobs = [(n, seeds[n::options.j], options, end) for n in range(options.j)]
    if options.j == 1:
        results = work(jobs[0])
    else:
        with multiprocessing.Pool(options.j) as pool:
            results = sum(pool.map(work, jobs, chunksize=1), [])
    counts = {status: [r for r in results if r[1] == status] for status in ("passed", "failed", "skipped")}
    kinds = {}
    for seed, status, signature, _ in results:
        if status != "passed":
            kinds.setdefault((status, signature.split(": CREATE")[0][:200]), []).append(seed)
    for (status, signature), found in sorted(kinds.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print("%4d %s %s (seeds %s)" % (len(found), status, signature, ", ".join(map(str, sorted(found)[:5]))))
    elapsed = time.time() - started
    print("%d pairs, %d passed, %d failed, %d skipped; %.0f s, %.1f pairs/s" % (
        len(results), *(len(counts[s]) for s in ("passed", "failed", "skipped")), elapsed, len(results) / max(elapsed, 0.001)))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
