"""Databases to measure in, and the revisions to fill them with."""

import json
import os

import psycopg2


def connect(name):
    connection = psycopg2.connect(dbname=name)
    connection.autocommit = True
    return connection


def query(connection, statement, arguments=None):
    """The one value of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchone()[0]


def execute(name, *statements):
    connection = connect(name)
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def create(name, template="template0"):
    execute("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {template}")
    if template == "template0":
        execute(name, "CREATE EXTENSION migrate")


def drop(name):
    execute("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def load(connection, files):
    return query(connection, "SELECT count(*) FROM migrate.load(%s::jsonb)", (json.dumps(files),))


def psql(name, *arguments):
    """A command line for measure.run()."""
    return ("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", name, "-o", os.devnull, *arguments)


def small_revisions(count):
    """(path, upgrade, downgrade) of revisions such as applications have."""
    for i in range(count):
        table = f"item_{i // 5:05}"
        up, down = (
            (f"CREATE TABLE {table} (\n"
             "    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
             "    name text NOT NULL,\n"
             "    created_at timestamptz NOT NULL DEFAULT now()\n"
             ");", f"DROP TABLE {table};"),
            (f"ALTER TABLE {table} ADD COLUMN price numeric(10, 2) NOT NULL DEFAULT 0;",
             f"ALTER TABLE {table} DROP COLUMN price;"),
            (f"CREATE INDEX {table}_name_idx ON {table} (name);", f"DROP INDEX {table}_name_idx;"),
            (f"COMMENT ON TABLE {table} IS 'What we sell; one row for each, number {i}.';",
             f"COMMENT ON TABLE {table} IS NULL;"),
            (f"INSERT INTO {table} (name, price) VALUES ('first', 1.5), ('second', 2.25);",
             f"DELETE FROM {table};"),
        )[i % 5]
        yield f"{i + 1:06}_{table}.sql", up, down


def script(up, down):
    return f"-- migrate:up\n{up}\n-- migrate:down\n{down}\n"


def script_files(revisions):
    return {path: script(up, down) for path, up, down in revisions}


def _empty(begin, end, parents):
    """Files of revisions begin to end - 1 that do nothing; parents(i) says what i follows."""
    return {f"{i:07}_step.sql": f"-- migrate:revision {i:012x}\n-- migrate:revises "
                                + (", ".join(f"{p:012x}" for p in parents(i)) if i else "base")
                                + "\n-- migrate:up\n" for i in range(begin, end)}


def empty_line(begin, end):
    """Each after the one before it."""
    return _empty(begin, end, lambda i: [i - 1])


def empty_branches(begin, end):
    """Four branches of two in each ten, and a merge of them."""

    def parents(i):
        place = i % 10
        if place == 0:
            return [i - 1]
        if place == 9:
            return [i - 4, i - 3, i - 2, i - 1]
        return [i - min(place, 4)]

    return _empty(begin, end, parents)


def empty_lines(begin, end):
    """Twenty lines side by side."""
    return _empty(begin, end, lambda i: [max(0, i - 20)])
