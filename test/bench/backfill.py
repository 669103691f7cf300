"""A batched data change against one UPDATE."""

import time
from dataclasses import dataclass

import database
import measure

ROWS = 5_000_000
CONDITION = "n IS NULL"
UPDATE = f"UPDATE item SET n = a WHERE {CONDITION}"
TEMPLATE, WORK = "bench_backfill", "bench_backfill_work"


@dataclass
class Cost:
    wall: float  # seconds
    wal: float  # MB
    growth: float  # MB
    longest: float  # ms that a row was locked


def _settings(**values):
    for name, value in values.items():
        database.execute("postgres", f"ALTER SYSTEM SET {name} = {value}" if value else
                         f"ALTER SYSTEM RESET {name}")
    database.execute("postgres", "SELECT pg_reload_conf()")


def _copy():
    """A fresh copy of the table, as files."""
    connection = database.connect("postgres")
    version = int(database.query(connection, "SHOW server_version_num"))
    connection.close()
    strategy = " STRATEGY file_copy" if version >= 150000 else ""
    database.execute("postgres", f"DROP DATABASE IF EXISTS {WORK} WITH (FORCE)",
                     f"CREATE DATABASE {WORK} TEMPLATE {TEMPLATE}{strategy}", "CHECKPOINT")


def _cost(statement, batched):
    def one():
        _copy()
        connection = database.connect(WORK)
        size = "SELECT pg_total_relation_size('item')"
        wal = "SELECT pg_current_wal_insert_lsn()"
        before = database.query(connection, size), database.query(connection, wal)
        start = time.perf_counter()
        measure.run(*database.psql(WORK, "-c", statement))
        wall = time.perf_counter() - start
        growth = database.query(connection, size) - before[0]
        written = database.query(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)",
                                 (before[1],))
        left = database.query(connection, f"SELECT count(*) FROM item WHERE {CONDITION}")
        longest = wall * 1000
        if batched:
            longest = float(database.query(
                connection, "SELECT extract(epoch FROM max(longest_batch)) * 1000 FROM migrate.backfills"))
        connection.close()
        if left:
            raise RuntimeError(f"{left} rows were left out by {statement}")
        return Cost(wall, float(written) / 1e6, growth / 1e6, longest)

    return one


def backfill(options):
    """a backfill of 5,000,000 rows (full_page_writes, autovacuum on) against one UPDATE"""
    _settings(full_page_writes="on", autovacuum="on")
    database.create(TEMPLATE)
    database.execute(
        TEMPLATE, "CREATE TABLE item (id bigint PRIMARY KEY, a int, word text, code uuid UNIQUE)",
        "INSERT INTO item SELECT i, i, repeat('x', 60), gen_random_uuid() "
        f"FROM generate_series(1, {options.size(ROWS)}) i",
        "ALTER TABLE item ADD n bigint", "CREATE INDEX ON item (a)", "VACUUM (ANALYZE, FREEZE) item")
    plain = _cost(UPDATE, False)
    for name, parallel, wall_goal in (("backfill", 1, "≤ 1.2 ×"), ("backfill, parallel => 2", 2, "< 1 ×")):
        call = f"CALL migrate.backfill('item', 'n = a', '{CONDITION}', parallel => {parallel})"
        ours, theirs = measure.pairs(_cost(call, True), plain, options.rounds, warm_up=False)
        for what, goal in (("wall", wall_goal), ("wal", "≤ 0.75 ×"), ("growth", "≤ 0.75 ×"),
                           ("longest", "≤ 200 ms")):
            unit = {"wall": "wall s", "wal": "WAL MB", "growth": "growth MB",
                    "longest": "longest lock ms"}[what]
            measure.print_row(f"{name}: {unit}", [getattr(c, what) for c in ours],
                              [getattr(c, what) for c in theirs], goal)
    database.drop(WORK)
    database.drop(TEMPLATE)
    _settings(full_page_writes=None, autovacuum=None)
