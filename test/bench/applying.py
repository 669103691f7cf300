"""Applying many small revisions, against psql with the same SQL and against other tools."""

import os
import shutil
import sys
import tempfile

import database
import measure

REVISIONS = 1000


class Trees:
    """Revisions (path, upgrade, downgrade) in every form: loaded into the template `bench_apply`, as
    one file for psql, and as the trees of other tools."""

    def __init__(self, revisions):
        self.revisions = list(revisions)
        self.count = len(self.revisions)
        self.directory = tempfile.mkdtemp(dir=os.environ.get("TMPDIR"))
        database.create("bench_apply")
        connection = database.connect("bench_apply")
        database.load(connection, database.script_files(self.revisions))
        connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)
        database.drop("bench_apply")

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def all_sql(self):
        return self.write("all.sql", "".join(f"{up}\n" for _, up, _ in self.revisions))

    def each_sql(self):
        return self.write("each.sql",
                          "".join(f"BEGIN;\n{up}\nCOMMIT;\n" for _, up, _ in self.revisions))

    def dbmate(self):
        for path, up, down in self.revisions:
            self.write(f"dbmate/{path}", database.script(up, down))
        return self.path("dbmate")

    def alembic(self):
        self.write("alembic/env.py", f"""\
import os
import sqlalchemy
from alembic import context

engine = sqlalchemy.create_engine(os.environ["BENCH_URL"])
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
""")
        before = None
        for i, (path, up, down) in enumerate(self.revisions):
            revision = f"{i:012x}"
            self.write(f"alembic/versions/{path[:-4]}.py", f'''\
"""{path}"""
from alembic import op

revision = "{revision}"
down_revision = {before!r}


def upgrade():
    op.execute("""{up}""")


def downgrade():
    op.execute("""{down}""")
''')
            before = revision
        return self.write("alembic.ini", f"[alembic]\nscript_location = {self.path('alembic')}\n")


def fresh(command, **options):
    """A run of the command in a database of its own, whose making is not measured."""

    def sample():
        database.create("bench_run", "bench_apply")
        try:
            return measure.run(*command, **options)
        finally:
            database.drop("bench_run")

    return sample


def apply(options):
    """upgrade() of 1,000 small revisions, against psql -1 -f of the same SQL"""
    with Trees(database.small_revisions(options.size(REVISIONS))) as trees:
        ours = fresh(database.psql("bench_run", "-c",
                                   "SELECT count(*) FROM migrate.upgrade('head')"))
        theirs = fresh(database.psql("bench_run", "-1", "-f", trees.all_sql()))
        samples = measure.pairs(ours, theirs, options.rounds)
        measure.print_samples(f"apply {trees.count:,}, psql -1 -f", *samples, "CPU ≤ 1.0 ×")


def online(options):
    """upgrade_online() of the same, against psql -f with a transaction for each revision"""
    with Trees(database.small_revisions(options.size(REVISIONS))) as trees:
        ours = fresh(database.psql("bench_run", "-c", "CALL migrate.upgrade_online('head')"))
        theirs = fresh(database.psql("bench_run", "-f", trees.each_sql()))
        samples = measure.pairs(ours, theirs, options.rounds)
        measure.print_samples(f"apply {trees.count:,} online, psql -f, a transaction each", *samples)


def statements(options):
    """upgrade() of one revision with 10,000 statements, against psql -1 -f of the same SQL"""
    count = options.size(10_000)
    up = "CREATE TABLE number (n int, word text);\n" + "".join(
        f"INSERT INTO number VALUES ({i}, 'a;b');\n" for i in range(count))
    with Trees([("1_number.sql", up, "DROP TABLE number;")]) as trees:
        ours = fresh(database.psql("bench_run", "-c",
                                   "SELECT count(*) FROM migrate.upgrade('head')"))
        theirs = fresh(database.psql("bench_run", "-1", "-f", trees.all_sql()))
        samples = measure.pairs(ours, theirs, options.rounds)
        measure.print_samples(f"one script of {count:,} statements, psql -1 -f", *samples,
                              "CPU ≤ 1.0 ×")


def node_program(name):
    modules = os.environ.get("MIGRATE_BENCH_NODE_MODULES", "node_modules")
    return shutil.which(name) or shutil.which(name, path=os.path.join(modules, ".bin"))


def peers(options):
    """the same as apply, against other tools, where they are installed"""
    with Trees(database.small_revisions(options.size(REVISIONS))) as trees:
        ours = fresh(database.psql("bench_run", "-c",
                                   "SELECT count(*) FROM migrate.upgrade('head')"))
        rounds = min(options.rounds, 3)
        host, port, user = (os.environ[name] for name in ("PGHOST", "PGPORT", "PGUSER"))
        alembic = shutil.which("alembic")
        if alembic:
            environment = dict(os.environ, BENCH_URL=f"postgresql+psycopg2://{user}@/bench_run"
                                                     f"?host={host}&port={port}")
            theirs = fresh((alembic, "-c", trees.alembic(), "upgrade", "head"), env=environment)
            samples = measure.pairs(ours, theirs, rounds)
            measure.print_samples(f"apply {trees.count:,}, alembic", *samples)
        dbmate = node_program("dbmate")
        if dbmate:
            theirs = fresh((dbmate, "--url", f"postgres://{user}@:{port}/bench_run?socket={host}",
                            "--migrations-dir", trees.dbmate(), "--no-dump-schema", "up"))
            samples = measure.pairs(ours, theirs, rounds)
            measure.print_samples(f"apply {trees.count:,}, dbmate", *samples)
        for name, path in (("alembic", alembic), ("dbmate", dbmate)):
            if not path:
                print(f"({name} is not installed)", file=sys.stderr)
