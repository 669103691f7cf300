#!/usr/bin/python3
"""Whole schemas: from an empty database to the schema of another one and back, by its dump and by its
name. PostGIS with what needs it, where it is installed, and tables with a bit of everything (200, or
MIGRATE_TEST_TABLES; more than a thousand need a greater max_locks_per_transaction). Inside bin/cluster run."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "schema"), os.path.join(HERE, "..", "bench")]

import pairs  # noqa: E402
import schemas  # noqa: E402

POSTGIS = """
CREATE EXTENSION postgis;
CREATE EXTENSION postgis_topology;
CREATE EXTENSION hstore;
CREATE TABLE roads (id int PRIMARY KEY, line geometry(LineString, 4326), area geography, tags hstore,
                    CHECK (ST_IsValid(line)));
CREATE INDEX ON roads USING gist (line);
CREATE INDEX ON roads USING gist (area);
CREATE INDEX ON roads USING gin (tags);
CREATE VIEW lengths AS SELECT id, ST_Length(line) FROM roads;
CREATE FUNCTION near(geometry) RETURNS SETOF roads LANGUAGE sql
    AS 'SELECT * FROM roads WHERE ST_DWithin(line, $1, 10)';
CREATE MATERIALIZED VIEW whole AS SELECT ST_Union(line) FROM roads;
"""


def fill_postgis(database):
    pairs.psql(database, POSTGIS)


def fill_tables(database):
    pairs.psql("postgres", "CREATE ROLE " + schemas.ROLE)
    for batch in schemas.batches(int(os.environ.get("MIGRATE_TEST_TABLES") or 200)):
        pairs.psql(database, "BEGIN;\n" + ";\n".join(batch) + ";\nCOMMIT;")


def is_available(extension):
    return pairs.psql("postgres", "SELECT 1 FROM pg_available_extensions WHERE name = '%s'" % extension, rows=True) != ""


def there_and_back(name, fill):
    wanted, ours = "wanted_" + name, "ours_" + name
    for database in (wanted, ours):
        pairs.psql("postgres", "CREATE DATABASE %s" % database)
        pairs.psql(database, "CREATE EXTENSION migrate")
    empty = pairs.dump(ours)
    fill(wanted)
    text = subprocess.run(["pg_dump", "-s", wanted], check=True, capture_output=True, text=True).stdout
    session = pairs.Session(ours)

    def expect(what, problem):
        if problem:
            raise AssertionError("%s: %s: %s" % (name, what, problem[:2000]))

    revision, warnings = session.call("SELECT migrate.autogenerate('all', %s)", text)
    expect("made", "" if revision else "no revision")
    expect("proof", warnings)
    session.call("SELECT migrate.upgrade() IS NULL")
    expect("upgrade", pairs.differ(pairs.dump(ours), pairs.dump(wanted)))
    expect("again", session.call("SELECT migrate.diff_sql(%s)", text)[0])
    expect("other database", session.call("SELECT migrate.diff_sql(target_database => %s)", wanted)[0])
    session.call("SELECT migrate.check()")
    session.call("SELECT migrate.downgrade('base') IS NULL")
    expect("downgrade", pairs.differ(pairs.dump(ours), empty))
    session.close()


def main():
    there_and_back("tables", fill_tables)
    if is_available("postgis_topology"):
        there_and_back("postgis", fill_postgis)
    else:
        print("PostGIS is not installed")


if __name__ == "__main__":
    main()
