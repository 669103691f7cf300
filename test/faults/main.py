#!/usr/bin/python3
"""Breaks runs in every way and everywhere, and looks whether they come to the same end.

    main.py quick           every point once, other faults and random times here and there
    main.py every           a kill at every passage of every point
    main.py soak [KILLS]    until the worker or the server has been killed so often (200)

MIGRATE_TEST_SEED makes the choice reproducible, MIGRATE_TEST_ONLY takes one trial of it. Inside
bin/cluster run."""

import os
import random
import shutil
import subprocess
import sys

import psycopg2

import server
import trial
from trial import Fault

# What can be done to a worker that waits at a point. An error or a cancel cannot come after a commit.
GENTLE = ("cancel", "terminate", "error")
HARD = ("kill", "stop")


def install_library():
    """The server gets the library with the fault points in the place of the normal one."""
    pkglibdir = subprocess.run([os.environ["PG_CONFIG"], "--pkglibdir"], check=True,
                               capture_output=True, text=True).stdout.strip()
    staged = os.path.join(server.CLUSTER, "stage" + pkglibdir, "migrate.so")
    if not os.path.exists(staged):
        print("this server has the extension in its own directories, where no test changes it")
        sys.exit(77)
    with open(staged, "rb") as file:
        assert b"migrate.fault" not in file.read(), "the normal library has fault points"
    built = subprocess.run([os.path.join(server.HERE, "build")], check=True, capture_output=True,
                           text=True).stdout.strip()
    shutil.copyfile(built, staged)


def prepare():
    """The databases that trials are copies of, and how they look after an undisturbed run."""
    connection = server.connect()
    server.rows(connection, "ALTER SYSTEM SET autovacuum = off")
    connection.close()
    server.restart("fast")
    connection = server.connect()
    server.rows(connection, "CREATE DATABASE at_base TEMPLATE template0")
    connection.close()
    subprocess.run(["psql", "-Xq", "-d", "at_base", "-f", os.path.join(server.HERE, "setup.sql")],
                   check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["pg_migrate", "-d", "at_base", "load", os.path.join(server.HERE, "tree")],
                   check=True, stdout=subprocess.DEVNULL)
    ways = {}
    for direction, template in (("upgrade", "at_base"), ("downgrade", "at_head")):
        command = trial.COMMANDS[direction]["waiting"]
        points, seconds = trial.trace("undisturbed", template, command)
        wanted = server.state("undisturbed")
        if direction == "upgrade":
            server.copy("undisturbed", "at_head")
        ways[direction] = (template, points, seconds, wanted)
        print("undisturbed %s: %d points (%d different), %.2f s"
              % (direction, len(points), len({p for p, _ in points}), seconds))
    return ways


def hows(point):
    return HARD if point == "after a commit" else HARD + GENTLE


def choose_quick(ways, rng):
    """Every point once with a kill, the other faults here and there, some at random times."""
    chosen = []
    for direction, (_, points, seconds, _) in ways.items():
        names = sorted({point for point, _ in points})
        rare = [p for p in names if p not in ("before a commit", "after a commit")]
        for name in names:
            if direction == "downgrade" and rng.random() < 0.7:
                continue
            passage = rng.choice([n for p, n in points if p == name])
            chosen.append((direction, [Fault("kill", name, passage)]))
        for how in GENTLE + ("stop",):
            name = rng.choice(rare)
            passage = rng.choice([n for p, n in points if p == name])
            chosen.append((direction, [Fault(how, name, passage)]))
        for _ in range(5):
            how = rng.choice(("kill", "kill", "cancel", "terminate"))
            chosen.append((direction, [Fault(how, after=rng.uniform(0, 0.9 * seconds))]))
        for name in ("before the note after a statement", "after the note before a statement"):
            passage = rng.choice([n for p, n in points if p == name])
            chosen.append((direction, [Fault("kill", name, passage), in_the_repair(rng)]))
    return chosen


def choose_soak(ways, rng):
    """Without an end: half of them at points, evenly over the run; a quarter at random times; the
    rest break the repair of a broken run too."""
    def at_point(points):
        point, passage = rng.choice(points)
        if rng.random() < 0.5:
            point = rng.choice(sorted({p for p, _ in points}))
            passage = rng.choice([n for p, n in points if p == point])
        return Fault(rng.choice(hows(point) + ("kill",) * 4), point, passage)

    def at_time(seconds):
        how = rng.choice(("kill",) * 5 + ("stop", "cancel", "terminate"))
        return Fault(how, after=rng.uniform(0, 0.9 * seconds))

    number = 0
    while True:
        direction = rng.choice(("upgrade", "upgrade", "downgrade"))
        _, points, seconds, _ = ways[direction]
        kind = number % 4
        if kind < 2:
            faults = [at_point(points)]
        elif kind == 2:
            faults = [at_time(seconds)]
        else:
            first = at_point(points) if rng.random() < 0.5 else at_time(seconds)
            faults = [first, in_the_repair(rng)]
        yield direction, faults
        number += 1


def in_the_repair(rng):
    """Somewhere early in the second run, where the repair is."""
    point = rng.choice(("before a repair", "before a leftover is dropped",
                        "after a leftover is dropped", "after a repair", "before a commit",
                        "after a commit", "before the note before a statement"))
    passage = rng.randint(1, 15) if "commit" in point else 1
    return Fault(rng.choice(("kill", "kill", "kill", "stop")), point, passage)


class Tally:
    """What has struck, and how it ended."""

    def __init__(self):
        self.trials = self.failures = self.resolved = self.kills = 0
        self.struck = {}

    def add(self, faults, struck, resolved, failed):
        self.trials += 1
        self.failures += failed
        self.resolved += resolved
        for number, (fault, was) in enumerate(zip(faults, struck)):
            if not was:
                continue
            self.kills += fault.how in HARD
            kind = "in the run after that" if number else \
                "at a random time" if fault.point is None else "at a point"
            self.struck[fault.how, kind] = self.struck.get((fault.how, kind), 0) + 1

    def show(self, seed):
        print("\nseed %d: %d trials, %d kills of the worker or the server, %d failed; MG009 resolved"
              " %d times. What struck:" % (seed, self.trials, self.kills, self.failures,
                                          self.resolved))
        for (how, kind), count in sorted(self.struck.items()):
            print("%6d %s %s" % (count, how, kind))


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else "quick"
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seed = int(os.environ.get("MIGRATE_TEST_SEED") or random.randrange(10 ** 6))
    only = int(os.environ.get("MIGRATE_TEST_ONLY") or 0)
    rng = random.Random(seed)
    print("seed %d" % seed)
    install_library()
    ways = prepare()
    tally = Tally()
    if mode == "soak":
        chosen = choose_soak(ways, rng)
    elif mode == "every":
        chosen = [(direction, [Fault("kill", point, passage)]) for direction in ways
                  for point, passage in ways[direction][1]]
    else:
        chosen = choose_quick(ways, rng)
    for number, (direction, faults) in enumerate(chosen, 1):
        way = "waiting" if mode == "every" else rng.choice(("waiting", "online", "queued"))
        if only and number < only:
            continue
        template, _, _, wanted = ways[direction]
        name = "%d %s %s, %s" % (number, direction, way, ", then ".join(map(str, faults)))
        struck, resolved, failure = [], 0, None
        try:
            resolved = trial.trial("trial", template, direction, way, faults, wanted, struck)
        except (AssertionError, psycopg2.Error) as error:
            failure = str(error)
            server.come_back()
        tally.add(faults, struck, resolved, failure is not None)
        if failure is not None:
            print("FAILED: %s\n    %s" % (name, failure.replace("\n", "\n    ")), flush=True)
        else:
            print("ok: %s%s%s" % (name, "" if all(struck) else " (came too late)",
                                  ", resolved %d" % resolved if resolved else ""), flush=True)
        if only or (mode == "soak" and tally.kills >= kills):
            break
    tally.show(seed)
    sys.exit(1 if tally.failures else 0)


if __name__ == "__main__":
    main()
