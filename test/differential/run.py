#!/usr/bin/python3
"""Compares src/core with the real Alembic on random graphs and commands.

  run.py --driver BUILD/migrate_differential [--calls N] [--seed S] [--size N]
  run.py --driver ... --replay FILE     one case, as a mismatch prints it

Stops at the first mismatch that no deliberate difference (judge.py) explains, prints the case and
exits with 1. The same seed gives the same cases.
"""

import argparse
import collections
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import alembic  # noqa: F401
except ImportError:
    sys.exit("run.py: needs Debian's package alembic (apt-get install alembic)")

import cases  # noqa: E402
from judge import DIFFERENCES, Judge, Mismatch  # noqa: E402
from model import Model  # noqa: E402
from oracle import VERSION, Oracle, Refusal  # noqa: E402

CALLS_PER_GRAPH = 12
signal.signal(signal.SIGPIPE, signal.SIG_DFL)


class Driver:
    def __init__(self, path):
        self.process = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, case):
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Mismatch("the driver died (exit status %s)" % self.process.wait())
        return json.loads(line)


class Tally:
    def __init__(self):
        self.compared = collections.Counter()
        self.refused = collections.Counter()
        self.excused = collections.Counter()

    def add(self, call, got, difference):
        if difference:
            self.excused[difference] += 1
            return
        self.compared[call["command"]] += 1
        if "error" in got:
            self.refused[call["command"]] += 1

    @property
    def calls(self):
        return sum(self.compared.values()) + sum(self.excused.values())

    def show(self):
        print("compared with alembic %s:" % ".".join(map(str, VERSION)))
        for command in sorted(self.compared):
            print(
                "  %-10s %6d equal, %d of them refused by both"
                % (command, self.compared[command], self.refused[command])
            )
        print("deliberately different, and as promised:")
        for name, text in DIFFERENCES.items():
            print("  %-10s %6d  %s" % (name, self.excused[name], text))


def _too_long(signum, frame):
    raise TimeoutError


signal.signal(signal.SIGALRM, _too_long)


def check(case, driver, tally):
    try:
        answers = driver.ask(case)
    except Mismatch as m:
        fail(case, None, None, None, m)
    model = Model(case["revisions"])
    try:
        # With a cycle that it does not see, Alembic may never end.
        signal.setitimer(signal.ITIMER_REAL, 1 if model.has_cycle() else 0)
        oracle, refusal = Oracle(case["revisions"]), None
    except Refusal as r:
        oracle, refusal = None, r.answer()
    except TimeoutError:
        oracle, refusal = None, {}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    judge = Judge(case["revisions"], oracle)
    for call, got in zip(case["calls"], answers):
        want = None
        try:
            if refusal is not None or "error" in got and call["command"] == "info":
                want = refusal or {}  # {}: Alembic loads the graph
                difference = judge.load(want, got)
            else:
                taken = call.get("id") in model.names
                want = {} if taken else oracle.answer(call)
                difference = judge.judge(call, want, got)
            tally.add(call, got, difference)
        except (Mismatch, Refusal) as m:
            fail(case, call, want, got, m)


def fail(case, call, want, got, why):
    print("MISMATCH: %s" % why)
    print("call:     %s" % json.dumps(call))
    print("alembic:  %s" % json.dumps(want))
    print("core:     %s" % json.dumps(got))
    print("replay:   %s" % json.dumps(dict(case, calls=[call] if call else case["calls"])))
    print("0 passed, 1 failed")
    sys.exit(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--calls", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, help="graphs of up to so many revisions")
    parser.add_argument("--replay")
    options = parser.parse_args()

    driver, tally = Driver(options.driver), Tally()
    if options.replay:
        with open(options.replay) as f:
            check(json.load(f), driver, tally)
    else:
        number = 0
        while tally.calls < options.calls:
            check(cases.case(options.seed, number, CALLS_PER_GRAPH, options.size), driver, tally)
            number += 1
    tally.show()
    print("%d passed, 0 failed" % tally.calls)


if __name__ == "__main__":
    main()
