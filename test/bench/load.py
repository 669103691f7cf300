"""Twenty revisions under a load of pgbench, beside the same changes written plainly."""

import glob
import os
import subprocess
import tempfile
import threading
import time

import database
import measure
import psycopg2

ROWS = 5_000_000
CLIENTS = 8
RATE = 400  # transactions a second, so that there is something left of the machine
LOCK_TIMEOUT = "200ms"
DATABASE = "bench_load"

TRANSACTION = """\\set id random(1, {rows})
BEGIN;
UPDATE account SET balance = balance + 1 WHERE id = :id;
SELECT balance FROM account WHERE id = :id;
INSERT INTO history (account, amount) VALUES (:id, 1);
COMMIT;
"""

# (online, plain); None: the same
REVISIONS = [
    ("ALTER TABLE account ADD COLUMN status text NOT NULL DEFAULT 'open'", None),
    ("ALTER TABLE account ADD COLUMN region int", None),
    ("CALL migrate.backfill('account', 'region = id % 10', 'region IS NULL')",
     "UPDATE account SET region = id % 10 WHERE region IS NULL"),
    ("ALTER TABLE account ALTER COLUMN region SET DEFAULT 0", None),
    ("CALL migrate.add_not_null('account', 'region')",
     "ALTER TABLE account ALTER COLUMN region SET NOT NULL"),
    ("CREATE TABLE region (id int PRIMARY KEY); INSERT INTO region SELECT generate_series(0, 9)", None),
    ("CALL migrate.add_foreign_key('account', '{region}', 'region')",
     "ALTER TABLE account ADD FOREIGN KEY (region) REFERENCES region"),
    ("CREATE INDEX CONCURRENTLY account_region ON account (region)",
     "CREATE INDEX account_region ON account (region)"),
    ("CALL migrate.add_unique('account', '{number}')", "ALTER TABLE account ADD UNIQUE (number)"),
    ("CALL migrate.add_check('account', 'balance > -1000000')",
     "ALTER TABLE account ADD CHECK (balance > -1000000)"),
    ("CREATE INDEX CONCURRENTLY history_account ON history (account)",
     "CREATE INDEX history_account ON history (account)"),
    ("ALTER TABLE history ADD COLUMN note text", None),
    ("CREATE VIEW rich AS SELECT id FROM account WHERE balance > 1000", None),
    ("ALTER TABLE account DROP COLUMN old", None),
    ("ALTER TABLE account RENAME COLUMN number TO code", None),
    ("ALTER TABLE account ALTER COLUMN short TYPE varchar(40)", None),
    ("ALTER TABLE history ALTER COLUMN amount SET DEFAULT 0", None),
    ("COMMENT ON TABLE account IS 'Accounts'", None),
    ("DROP INDEX CONCURRENTLY account_region", "DROP INDEX account_region"),
    ("ALTER TABLE history SET (fillfactor = 90); DROP VIEW rich", None),
]


class Beside:
    """Two sessions that come and go: a reader that takes its time, and one that is idle in a
    transaction with a row that it has changed."""

    def __init__(self):
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=statements) for statements in (
                ("SELECT count(*) FROM account WHERE id < 1000", "SELECT pg_sleep(3)"),
                ("UPDATE account SET balance = balance WHERE id = 0", None))]

    def _repeat(self, first, second):
        connection = psycopg2.connect(dbname=DATABASE)
        with connection.cursor() as cursor:
            while not self._stop.is_set():
                cursor.execute(first)
                if second:
                    cursor.execute(second)
                else:
                    self._stop.wait(2)
                connection.commit()
                self._stop.wait(1)
        connection.close()

    def __enter__(self):
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Load:
    """pgbench in rounds of some seconds, until it is stopped."""

    def __init__(self, rows):
        self._directory = tempfile.TemporaryDirectory()
        self._script = os.path.join(self._directory.name, "transaction.sql")
        with open(self._script, "w", encoding="ascii") as file:
            file.write(TRANSACTION.format(rows=rows))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._round = 0
        self.failed = 0

    def _run(self):
        while not self._stop.is_set():
            self._round += 1
            done = subprocess.run(
                ("pgbench", "-n", "-c", str(CLIENTS), "-j", "2", "-T", "5", "-R", str(RATE), "-f",
                 self._script, "--log", f"--log-prefix={self._directory.name}/log{self._round}",
                 DATABASE), check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0 or b"number of failed transactions: 0 " not in done.stdout:
                self.failed += 1
                print(done.stdout.decode(errors="replace")[-500:])

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def latencies(self):
        """Milliseconds of every transaction, from when it was begun, in ascending order."""
        times = []
        for path in glob.glob(f"{self._directory.name}/log*"):
            with open(path, encoding="ascii") as file:
                for line in file:
                    field = line.split()  # client, number, time, script, epoch, us, lag
                    times.append((float(field[2]) - float(field[6])) / 1000)
        return sorted(times)


def _prepare(rows):
    database.create(DATABASE)
    database.execute(
        DATABASE,
        "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL, number bigint, old text,"
        " short varchar(20)) WITH (fillfactor = 90)",
        "CREATE TABLE history (id bigint GENERATED ALWAYS AS IDENTITY, account bigint, amount int)",
        f"INSERT INTO account SELECT i, 0, i, 'x', 'y' FROM generate_series(0, {rows}) i",
        "VACUUM (ANALYZE) account", "CHECKPOINT")


def _under_load(rows, work):
    """The longest, the 99th percentile (ms), how many rounds failed; seconds of the work."""
    with Load(rows) as load, Beside():
        time.sleep(3)
        seconds = measure.seconds(work)
        time.sleep(1)
    times = load.latencies()
    return times[-1], times[len(times) * 99 // 100], load.failed, seconds


def _online():
    connection = database.connect(DATABASE)
    files = {f"{i:04}_step.sql": database.script(f"{online};", "SELECT 1;")
             for i, (online, _) in enumerate(REVISIONS, 1)}
    database.load(connection, files)
    with connection.cursor() as cursor:
        cursor.execute(f"SET migrate.lock_timeout = '{LOCK_TIMEOUT}'; SET migrate.lock_retries = 100")
        cursor.execute("CALL migrate.upgrade_online('head')")
    connection.close()


def _plainly():
    database.execute(DATABASE, *(plain or online for online, plain in REVISIONS))


def load(options):
    """20 revisions under a pgbench load, a slow reader and an idle transaction beside it, against plain SQL"""
    rows = options.size(ROWS)
    results = []
    for work in (lambda: time.sleep(10), _online, _plainly):
        _prepare(rows)
        results.append(_under_load(rows, work))
    alone, ours, theirs = results
    for i, (what, goal) in enumerate((("longest transaction of pgbench, ms", ""),
                                      ("its 99th percentile, ms", "≤ 2 × of the load alone"),
                                      ("rounds of pgbench with a failure", "0"),
                                      ("20 revisions, wall s", ""))):
        measure.print_row(f"under load: {what}", [ours[i]], [theirs[i]], goal)
        if i < 2:
            measure.print_row(f"under load: {what}; theirs: no change", [ours[i]], [alone[i]], goal)
    database.drop(DATABASE)
