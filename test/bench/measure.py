"""Taking times in pairs, and the table that shows them."""

import os
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Options:
    rounds: int
    scale: float

    def size(self, full):
        return max(1, round(full * self.scale))


@dataclass
class Sample:
    cpu: float  # seconds, client and server
    wall: float


def _stat(pid):
    """The fields of /proc/PID/stat from the third on (the second may hold blanks)."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def server_cpu():
    """Seconds that all processes of the server have used: the postmaster, its children, and those
    children that have ended, which the postmaster has waited for."""
    with open(os.path.join(os.environ["PGHOST"], "data", "postmaster.pid"), encoding="ascii") as file:
        postmaster = file.readline().strip()
    own = _stat(postmaster)
    ticks = sum(int(field) for field in own[11:15])  # utime, stime, cutime, cstime
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = _stat(pid)
        except OSError:  # it has ended
            continue
        if stat[1] == postmaster:
            ticks += int(stat[11]) + int(stat[12])
    return ticks / TICK


def _children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(*command, **options):
    """Runs a client to its end and takes its time and the server's."""
    before = server_cpu() + _children_cpu()
    start = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    wall = time.perf_counter() - start
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")
    return Sample(server_cpu() + _children_cpu() - before, wall)


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def pairs(ours, theirs, rounds, warm_up=True):
    """Calls both `rounds` times in alternating order: two lists of what they return."""
    if warm_up:
        ours()
        theirs()
    mine, others = [], []
    for i in range(rounds):
        if i % 2 == 0:
            mine.append(ours())
            others.append(theirs())
        else:
            others.append(theirs())
            mine.append(ours())
    return mine, others


def _number(value):
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


LAYOUT = "{:<62} {:>9} {:>9} {:>7} {:>13}  {}"


def print_head():
    print(LAYOUT.format("measure", "ours", "theirs", "ratio", "min–max", "goal"), flush=True)


def print_row(measure, ours, theirs, goal=""):
    ratios = [a / b for a, b in zip(ours, theirs) if b > 0]
    if ratios:
        ratio = f"{statistics.median(ratios):.2f}"
        span = f"{min(ratios):.2f}–{max(ratios):.2f}"
    else:
        ratio = span = "-"
    print(LAYOUT.format(measure, _number(statistics.median(ours)),
                        _number(statistics.median(theirs)) if theirs else "-", ratio, span, goal),
          flush=True)


def print_samples(measure, ours, theirs, goal=""):
    print_row(f"{measure}: CPU s", [s.cpu for s in ours], [s.cpu for s in theirs], goal)
    print_row(f"{measure}: wall s", [s.wall for s in ours], [s.wall for s in theirs])
