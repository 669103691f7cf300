"""Reading a schema and finding no difference, beside pg_dump -s and the peers that do the same."""

import os
import shutil
import subprocess
import sys
import tempfile

import applying
import database
import measure
import schemas

SIZES = (100, 1_000, 10_000)
DATABASE = "bench_schema"
TWIN = "bench_schema_twin"
# The snapshot of the database and its comparison with an equal one.
EMPTY_DIFF = "SELECT migrate.check()"
# Where the text of the schema is materialised first, and the peers that take minutes for more.
MATERIALISED_UP_TO = 1_000
PEERS_UP_TO = 1_000

ALEMBIC = """
import sys
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

engine = sqlalchemy.create_engine(sys.argv[1])
metadata = sqlalchemy.MetaData()
metadata.reflect(engine, schema="bench")
with engine.connect() as connection:
    context = MigrationContext.configure(connection, opts={
        "include_schemas": True, "compare_type": True, "compare_server_default": False,  # it fails on defaults that it has reflected
        "include_name": lambda name, kind, parents: kind != "schema" or name == "bench"})
    compare_metadata(context, metadata)
"""


def fill(name, count):
    database.create(name)
    connection = database.connect(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (schemas.ROLE,))
        if cursor.rowcount == 0:
            cursor.execute(f"CREATE ROLE {schemas.ROLE}")
        for batch in schemas.batches(count):
            cursor.execute(";\n".join(batch))
        # What drift is measured from.
        if database.query(connection, "SELECT to_regprocedure('migrate.check()') IS NOT NULL"):
            database.load(connection, {"1_nothing.sql": database.script("", "")})
            cursor.execute("SELECT migrate.upgrade('head')")
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def url(name):
    host, port, user = (os.environ[word] for word in ("PGHOST", "PGPORT", "PGUSER"))
    return f"postgresql://{user}@localhost:{port}/{name}?host={host}"


def desired_text(directory):
    """A statement that compares with the text that pg_dump -s gives, in a file."""
    path = os.path.join(directory, "compare.sql")
    text = subprocess.run(("pg_dump", "-s", DATABASE), check=True, capture_output=True,
                          text=True).stdout
    with open(path, "w", encoding="utf-8") as file:
        file.write("SELECT migrate.autogenerate('nothing', $desired$" + text
                   + "$desired$, dry_run => true);\n")
    return path


def sampler(*command, **options):
    return lambda: measure.run(*command, **options)


def schema(options):
    """the snapshot and an empty diff at 100, 1,000 and 10,000 tables, against pg_dump -s and peers"""
    for full in SIZES:
        count = options.size(full)
        rounds = options.rounds if full < 10_000 else min(options.rounds, 3)
        fill(DATABASE, count)
        connection = database.connect(DATABASE)
        checks = database.query(connection, "SELECT to_regprocedure('migrate.check()') IS NOT NULL")
        connection.close()
        dump = sampler("pg_dump", "-s", "-f", os.devnull, DATABASE)
        ours = dump
        if checks:
            ours = sampler(*database.psql(DATABASE, "-c", EMPTY_DIFF))
            samples = measure.pairs(ours, dump, rounds)
            measure.print_samples(f"empty diff, {count:,} tables, pg_dump -s", *samples, "≤ 0.2 ×")
            cpu = min(s.cpu for s in samples[0]) / count * 1000
            print(f"  {cpu:.3f} ms of CPU for each table", flush=True)
        with tempfile.TemporaryDirectory() as directory:
            if full <= MATERIALISED_UP_TO:
                text = sampler(*database.psql(DATABASE, "-f", desired_text(directory)))
                measure.print_samples(f"desired text, materialised, {count:,} tables, pg_dump -s",
                                      *measure.pairs(text, dump, min(rounds, 3)))
            if full <= PEERS_UP_TO:
                peers(ours, "empty diff" if checks else "pg_dump -s", count, directory)
        database.drop(DATABASE)


def peers(ours, name, count, directory):
    if shutil.which("alembic"):
        path = os.path.join(directory, "compare.py")
        with open(path, "w", encoding="ascii") as file:
            file.write(ALEMBIC)
        theirs = sampler("/usr/bin/python3", path, url(DATABASE))
        measure.print_samples(f"{name}, {count:,} tables, alembic", *measure.pairs(ours, theirs, 1))
    else:
        print("(alembic is not installed)", file=sys.stderr)
    migra = applying.node_program("migra")
    if migra:
        database.create(TWIN, DATABASE)
        theirs = sampler(migra, "run", url(DATABASE), url(TWIN), "--schema", "bench")
        measure.print_samples(f"{name}, {count:,} tables, migra", *measure.pairs(ours, theirs, 1))
        database.drop(TWIN)
    else:
        print("(migra is not installed)", file=sys.stderr)
