"""The private server of the harness, and the state of a database as a value that can be compared."""

import os
import re
import subprocess
import time

import psycopg2

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CLUSTER = os.environ["CLUSTER_DIR"]
DATA = os.path.join(CLUSTER, "data")


def connect(database="postgres"):
    connection = psycopg2.connect(dbname=database, application_name="harness")
    connection.autocommit = True
    return connection


def rows(connection, statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def run(database, statement):
    """Returns the SQLSTATE and the message of the error, or None."""
    connection = connect(database)
    try:
        rows(connection, statement)
    except psycopg2.Error as error:
        return error.pgcode or "lost", str(error).strip()
    finally:
        connection.close()
    return None


def cluster(*arguments):
    subprocess.run([os.path.join(ROOT, "bin/cluster"), *arguments], check=True)


def restart(mode="immediate"):
    cluster("stop", mode)
    cluster("start")


def come_back(seconds=60):
    """Waits until the server answers and no worker is at work, and some time later still."""
    end = time.time() + seconds
    calm = 0
    while time.time() < end:
        try:
            connection = connect()
            left = rows(connection, "SELECT 1 FROM pg_stat_activity"
                                    " WHERE backend_type LIKE 'migrate%%'")
            connection.close()
            calm = 0 if left else calm + 1
        except psycopg2.OperationalError:
            calm = 0
        if calm == 3:
            return
        time.sleep(0.02)
    raise AssertionError("the server did not come back, or its worker did not end")


def copy(template, database):
    connection = connect()
    rows(connection, "DROP DATABASE IF EXISTS %s WITH (FORCE)" % database)
    rows(connection, "CREATE DATABASE %s TEMPLATE %s" % (database, template))
    connection.close()


def schema(database):
    dump = subprocess.run(["pg_dump", "-s", database], check=True, capture_output=True, text=True)
    return re.sub(r"^\\(un)?restrict .*$", "", dump.stdout, flags=re.MULTILINE)


INDEXES = """
    SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, i.indisvalid, i.indisready,
           i.indislive
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'migrate', 'information_schema')
      AND (n.nspname <> 'pg_toast' OR NOT i.indisvalid) ORDER BY 1"""
FOREIGN = """
    SELECT c.relname, c.oid, c.relfilenode, i.indisvalid, i.indisready, i.indislive
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname LIKE 'items_foreign%%' OR c.relname IN ('items_broken', 'items_same')
    ORDER BY 1"""
TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'migrate', 'information_schema')
    ORDER BY 1"""


def state(database):
    """All that a run must leave as an undisturbed one does."""
    connection = connect(database)
    try:
        found = {
            "schema": schema(database),
            "indexes": rows(connection, INDEXES),
            "foreign invalid indexes": rows(connection, FOREIGN),
            "ledger": rows(connection, "SELECT revision, method, applied_by, encode(checksum, 'hex')"
                                       " FROM migrate.applied ORDER BY 1"),
            "summary": rows(connection, "SELECT * FROM migrate.state ORDER BY 1"),
            "unfinished": rows(connection, "SELECT * FROM migrate.unfinished"),
            "batched changes": rows(connection, "SELECT relation::text, status, rows"
                                                " FROM migrate.backfills ORDER BY 1, 2, 3"),
            "ranges": rows(connection, "SELECT * FROM migrate.backfill_range"),
            "working runs": rows(connection, "SELECT run FROM migrate.runs"
                                             " WHERE status IN ('queued', 'running')"),
        }
        for (table,) in rows(connection, TABLES):
            found["rows of " + table] = rows(connection,
                                             "SELECT t::text FROM %s t ORDER BY 1" % table)
        return found
    finally:
        connection.close()


def differences(got, wanted):
    found = []
    for what in sorted(set(got) | set(wanted)):
        if got.get(what) != wanted.get(what):
            a, b = got.get(what), wanted.get(what)
            if what == "schema":
                a, b = sorted(set(a.split("\n")) - set(b.split("\n"))), \
                    sorted(set(b.split("\n")) - set(a.split("\n")))
            found.append("%s: %.2000r, undisturbed: %.2000r" % (what, a, b))
    return found
