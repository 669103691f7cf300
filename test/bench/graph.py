"""What grows with the number of revisions: the upgrade that has nothing to do, plans, loading."""

import json
import statistics

import database
import measure

CALLS = 300
UPGRADE = "SELECT count(*) FROM migrate.upgrade('head')"


def noop(options):
    """upgrade() with nothing to do, against SELECT 1: in one session, and as its first statement"""
    for full in (10, 1_000, 10_000):
        count = options.size(full)
        database.create("bench_noop")
        connection = database.connect("bench_noop")
        database.load(connection, database.empty_line(0, count))
        database.query(connection, "SELECT count(*) FROM migrate.stamp('{heads}')")

        def call(statement):
            return lambda: 1000 * measure.seconds(lambda: database.query(connection, statement))

        def first_call(statement):
            def sample():
                fresh = database.connect("bench_noop")
                try:
                    return 1000 * measure.seconds(lambda: database.query(fresh, statement))
                finally:
                    fresh.close()

            return sample

        ours, theirs = measure.pairs(call(UPGRADE), call("SELECT 1"), CALLS)
        measure.print_row(f"no-op upgrade of {count:,}, SELECT 1: ms", ours, theirs, goal(ours, theirs))
        ours, theirs = measure.pairs(first_call(UPGRADE), first_call("SELECT 1"), CALLS // 10)
        measure.print_row(f"no-op upgrade of {count:,}, first statement of a session: ms", ours,
                          theirs, goal(ours, theirs))
        connection.close()
        database.drop("bench_noop")


def goal(ours, theirs):
    more = statistics.median(ours) - statistics.median(theirs)
    return f"≤ 2 ms more: {more:.2f}"


SCAN = """SELECT (SELECT max(message) FROM migrate.revision),
                 (SELECT max(parent) FROM migrate.revision_parent)"""


def plan(options):
    """plan() of a whole graph (a line, branches and merges, lines), against a scan of its rows"""
    for name, files in (("line", database.empty_line), ("branches", database.empty_branches),
                        ("20 lines", database.empty_lines)):
        database.create("bench_plan")
        connection = database.connect("bench_plan")
        loaded = 0
        for full in (10_000, 50_000, 100_000):
            count = options.size(full)
            database.load(connection, files(loaded, count))
            loaded = count
            database.execute("bench_plan", "VACUUM ANALYZE")

            def call(statement):
                return lambda: measure.seconds(lambda: database.query(connection, statement))

            ours, theirs = measure.pairs(
                call("SELECT count(*) FROM migrate.plan('upgrade', 'heads')"), call(SCAN),
                options.rounds)
            measure.print_row(f"plan of {count:,}, {name}, scan of the rows: s", ours, theirs,
                              "≤ 1 s, linear")
        connection.close()
        database.drop("bench_plan")


def load(options):
    """load() of 10,000 files, against inserting the same text with a primary key"""
    count = options.size(10_000)
    files = json.dumps(database.script_files(database.small_revisions(count)))
    insert = """WITH new AS (INSERT INTO file SELECT key, value FROM jsonb_each_text(%s::jsonb)
                             RETURNING path)
                SELECT count(*) FROM new"""

    def sample(statement):
        def one():
            database.create("bench_load")
            database.execute("bench_load", "CREATE TABLE file (path text PRIMARY KEY, script text)")
            connection = database.connect("bench_load")
            try:
                before = measure.server_cpu()
                wall = measure.seconds(lambda: database.query(connection, statement, (files,)))
                return measure.Sample(measure.server_cpu() - before, wall)
            finally:
                connection.close()
                database.drop("bench_load")

        return one

    samples = measure.pairs(sample("SELECT count(*) FROM migrate.load(%s::jsonb)"), sample(insert),
                            options.rounds)
    measure.print_samples(f"load {count:,} files, INSERT of the texts", *samples)
