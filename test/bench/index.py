"""A concurrent index through the worker."""

import time

import database
import measure

ROWS = 1_000_000
STATEMENT = "CREATE INDEX CONCURRENTLY number_word_idx ON number (word)"


def index(options):
    """a concurrent index on about 1 s of work, through the worker, against psql's own statement"""
    rows = options.size(ROWS)
    database.create("bench_index")
    database.execute(
        "bench_index", "CREATE TABLE number (n int, word text)",
        f"INSERT INTO number SELECT n, md5(n::text) FROM generate_series(1, {rows}) n",
        "VACUUM ANALYZE number")
    connection = database.connect("bench_index")
    database.load(connection, {"1_index.sql": database.script(STATEMENT + ";", "")})
    connection.close()

    def sample(*arguments):
        def one():
            database.execute("bench_index", "DROP INDEX IF EXISTS number_word_idx", "CHECKPOINT",
                             "SELECT migrate.stamp('{}', purge => true)")
            time.sleep(0.1)
            return measure.run(*database.psql("bench_index", *arguments))

        return one

    theirs = sample("-c", STATEMENT)
    for name, statement in (("upgrade()", "SELECT count(*) FROM migrate.upgrade('head')"),
                            ("upgrade_online()", "CALL migrate.upgrade_online('head')")):
        samples = measure.pairs(sample("-c", statement), theirs, options.rounds)
        measure.print_samples(f"concurrent index by {name}, psql -c", *samples, "≤ 1.05 ×")
    database.drop("bench_index")
