#!/usr/bin/python3
"""A Python driver calls upgrade: in autocommit, and in the transaction that it opens by default."""

import json
import sys

import psycopg2

INDEX = {
    "0001_table.sql": "-- migrate:up\nCREATE TABLE numbers (n int);\n"
    "INSERT INTO numbers SELECT generate_series(1, 1000);\n-- migrate:down\nDROP TABLE numbers;\n",
    "0002_index.sql": "-- migrate:up\nCREATE INDEX CONCURRENTLY numbers_n_idx ON numbers (n);\n"
    "-- migrate:down\nDROP INDEX CONCURRENTLY numbers_n_idx;\n",
}


def connect(autocommit=False):
    connection = psycopg2.connect("")  # the PG* variables say where
    connection.autocommit = autocommit
    return connection


def rows(connection, statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def same(what, got, wanted):
    if got != wanted:
        sys.exit("FAILED: %s: got %r, wanted %r" % (what, got, wanted))
    print("ok:", what)


def applied(connection):
    return [r[0] for r in rows(connection, "SELECT revision FROM migrate.current()")]


def table_exists(connection):
    return rows(connection, "SELECT to_regclass('numbers') IS NOT NULL") == [(True,)]


def sqlstate(connection, statement, *values):
    try:
        rows(connection, statement, *values)
    except psycopg2.Error as error:
        return error.pgcode
    return None


admin = connect(autocommit=True)
with admin.cursor() as cursor:
    cursor.execute("CREATE EXTENSION migrate")
same(
    "load takes the tree as a parameter",
    [r[1:] for r in rows(admin, "SELECT path, revision, status FROM migrate.load(%s::jsonb)",
                         json.dumps(INDEX))],
    [("0001", "new"), ("0002", "new")],
)

# The driver's own transaction: what is transactional is part of it.
driver = connect()
rows(driver, "SELECT * FROM migrate.upgrade('0001')")
same("applied inside the transaction", applied(driver), ["0001"])
same("not seen outside of it", applied(admin), [])
driver.rollback()
same("nothing is applied after a rollback", applied(admin), [])
same("no table is left after a rollback", table_exists(admin), False)
rows(driver, "SELECT * FROM migrate.upgrade('0001')")
driver.commit()
same("applied after a commit", applied(admin), ["0001"])
rows(driver, "SELECT * FROM migrate.downgrade('base')")
driver.commit()
same("undone after a commit", applied(admin), [])

# What needs to run outside of it is queued, and starts with the commit.
steps = rows(driver, "SELECT revision, status FROM migrate.upgrade('head')")
same("the steps in a transaction", steps, [("0001", "done"), ("0002", "queued")])
driver.rollback()
same("nothing is applied or queued after a rollback",
     (applied(admin), rows(admin, "SELECT * FROM migrate.runs WHERE status = 'queued'")), ([], []))
rows(driver, "SELECT * FROM migrate.upgrade('head')")
driver.commit()
with admin.cursor() as cursor:
    cursor.execute("SELECT max(run) FROM migrate.runs")
    cursor.execute("CALL migrate.wait(%s)", cursor.fetchone())
same("applied some time after the commit", applied(admin), ["0002"])
rows(admin, "SELECT * FROM migrate.downgrade('base')")

# Or it is refused, and leaves nothing.
rows(driver, "SELECT set_config('migrate.in_transaction_block', 'error', false)")
driver.commit()
same("MG007 in a transaction",
     sqlstate(driver, "SELECT * FROM migrate.upgrade('head')"), "MG007")
driver.rollback()
same("nothing is applied after MG007", applied(admin), [])
same("no table is left after MG007", table_exists(admin), False)

# In autocommit it works, and returns when the index is valid.
driver.autocommit = True
steps = rows(driver, "SELECT revision, direction FROM migrate.upgrade('head')")
same("the steps of an upgrade in autocommit", steps, [("0001", "upgrade"), ("0002", "upgrade")])
same("the index is valid",
     rows(admin, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'numbers_n_idx'::regclass"),
     [(True,)])
rows(driver, "SELECT * FROM migrate.downgrade('base')")
same("and back", applied(admin), [])
with driver.cursor() as cursor:
    cursor.execute("CALL migrate.upgrade_online('head')")
same("the procedure in autocommit", applied(admin), ["0002"])
same("nothing left to do", rows(driver, "SELECT * FROM migrate.upgrade('head')"), [])
