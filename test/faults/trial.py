"""One trial: a run is broken, perhaps its repair too, then upgrade (or downgrade) is called until it
comes to its end, and the database is compared with one whose run nothing disturbed."""

import os
import random
import signal
import threading
import time

import psycopg2

import server

ORDER = os.path.join(server.DATA, "migrate.fault")
REACHED = ORDER + ".reached"
TRACE = ORDER + ".trace"

COMMANDS = {
    "upgrade": {"waiting": "SELECT migrate.upgrade('head')",
                "online": "CALL migrate.upgrade_online('head')",
                "queued": "BEGIN; SELECT migrate.upgrade('head'); COMMIT"},
    "downgrade": {"waiting": "SELECT migrate.downgrade('base')",
                  "online": "CALL migrate.downgrade_online('base')",
                  "queued": "BEGIN; SELECT migrate.downgrade('base'); COMMIT"},
}
WORKER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'migrate worker'"


class Fault:
    """`how` at the passage of a point, or after some seconds."""

    def __init__(self, how, point=None, passage=1, after=None):
        self.how, self.point, self.passage, self.after = how, point, passage, after

    def __str__(self):
        where = "after %.3f s" % self.after if self.point is None else \
            '%s of "%s"' % (self.passage, self.point)
        return "%s at %s" % (self.how, where)

    def order(self):
        forget()
        if self.point is None:
            return
        action = {"kill": "kill", "error": "fail"}.get(self.how, "wait")
        with open(ORDER + ".new", "w") as file:
            file.write("%s %d %s\n" % (action, self.passage, self.point))
        os.rename(ORDER + ".new", ORDER)


def forget():
    for path in (ORDER, REACHED, TRACE):
        if os.path.exists(path):
            os.unlink(path)


def strike(how):
    """Does it to a worker that is there: the run's, or one that helps it with a batched change.
    False: there is none (any more)."""
    if how == "stop":
        server.restart("immediate")
        return True
    connection = server.connect()
    try:
        pids = [pid for (pid,) in server.rows(connection, WORKER)]
        if not pids:
            return False
        if how == "kill":
            os.kill(random.choice(pids), signal.SIGKILL)
        else:
            function = {"cancel": "pg_cancel_backend", "terminate": "pg_terminate_backend"}[how]
            server.rows(connection, "SELECT %s(%d)" % (function, random.choice(pids)))
        return True
    finally:
        connection.close()


def call(database, command, answer):
    """What the caller does; where the run is queued, until that has ended."""
    error = server.run(database, command)
    idle = 0
    while error is None and command.startswith("BEGIN") and idle < 25:
        try:
            connection = server.connect(database)
            left = server.rows(connection, "SELECT 1 FROM migrate.runs WHERE status IN"
                                           " ('queued', 'running')")
            idle = 0 if server.rows(connection, WORKER) else idle + 1
            connection.close()
            if not left:
                break
        except psycopg2.OperationalError:
            break
        time.sleep(0.02)
    answer.append(error)


def break_run(database, command, fault):
    """Runs the command with the fault. Returns whether it has been, and the error of the caller."""
    fault.order()
    answer = []
    caller = threading.Thread(target=call, args=(database, command, answer))
    struck = False
    begun = time.time()
    caller.start()
    if fault.point is None:
        time.sleep(fault.after)
        struck = caller.is_alive() and strike(fault.how)
    elif fault.how in ("kill", "error"):
        caller.join(120)
        struck = not os.path.exists(ORDER)
    else:
        while caller.is_alive() and not os.path.exists(REACHED) and time.time() < begun + 120:
            time.sleep(0.005)
        if os.path.exists(REACHED):
            struck = strike(fault.how)
            if os.path.exists(REACHED):
                os.unlink(REACHED)
    caller.join(120)
    if caller.is_alive():
        raise AssertionError("the caller hangs")
    forget()
    server.come_back()
    return struck, answer[0]


def resolve(database):
    """Judges an interrupted statement by its trail, as somebody with eyes would."""
    connection = server.connect(database)
    try:
        (revision, direction, statement), = server.rows(
            connection, "SELECT revision, direction, in_flight FROM migrate.unfinished")
        what = "%s %s %s" % (revision, direction, statement)
        if what not in ("0006 upgrade 2", "0006 upgrade 4", "0006 downgrade 1"):
            raise AssertionError("MG009 for statement %s, which can be judged" % what)
        (trail,), = server.rows(connection, "SELECT count(*) FROM effects WHERE what = %s", what)
        if trail < 3:
            server.rows(connection, "DELETE FROM effects WHERE what = %s", what)
        how = "done" if trail == 3 else "retry"
        server.rows(connection, "SELECT migrate.resolve(%s, %s)", revision, how)
        return how
    finally:
        connection.close()


# Somebody else's statement on the same table, which fails after ours was interrupted.
STRANGER = """
    CREATE INDEX items_late ON items (n, n);
    UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'items_late'::regclass"""
STRANGE = """
    SELECT c.oid, c.relfilenode, i.indisvalid, i.indisready, i.indislive
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'items_late'"""


def finish(database, command):
    """Calls the command until it succeeds; returns how often somebody had to resolve."""
    resolved = 0
    for _ in range(6):
        error = server.run(database, command)
        if error is None:
            return resolved
        if error[0] != "MG009":
            raise AssertionError("the run that goes on fails: %s: %s" % error)
        resolve(database)
        resolved += 1
    raise AssertionError("it does not come to an end")


def trial(database, template, direction, way, faults, wanted, struck):
    """Adds to `struck` for each fault whether it has, and returns how often MG009 was resolved."""
    server.copy(template, database)
    command = COMMANDS[direction][way]
    resolved = 0
    for fault in faults:
        was, error = break_run(database, command, fault)
        struck.append(was)
        if was and fault.how == "error" and way != "queued" and (error is None or "a fault at" not in error[1]) \
                and "settled" not in fault.point:
            raise AssertionError("the caller was not told: %r" % (error,))
        if error is not None and error[0] == "MG009":
            resolve(database)
            resolved += 1
    connection = server.connect(database)
    server.rows(connection, STRANGER)
    strange = server.rows(connection, STRANGE)
    command = COMMANDS[direction][("waiting", "online")[way == "online"]]
    resolved += finish(database, command)
    server.come_back()
    if server.rows(connection, STRANGE) != strange:
        raise AssertionError("an invalid index of another origin was touched")
    server.rows(connection, "DROP INDEX items_late")
    connection.close()
    found = server.differences(server.state(database), wanted)
    if found:
        raise AssertionError("\n".join(found))
    error = server.run(database, command)
    if error is not None:
        raise AssertionError("once more: %s: %s" % error)
    return resolved


def trace(database, template, command):
    """The points that an undisturbed run passes, in order: [(point, passage)]. Each process that
    works on it counts its own passages, and the first one that comes to an ordered one is struck."""
    server.copy(template, database)
    forget()
    with open(ORDER, "w") as file:
        file.write("trace 0 -\n")
    begun = time.time()
    error = server.run(database, command)
    seconds = time.time() - begun
    if error is not None:
        raise AssertionError("undisturbed: %s: %s" % error)
    points, passages = [], {}
    with open(TRACE) as file:
        for line in file:
            process, name = line.rstrip("\n").split(" ", 1)
            passages[process, name] = passages.get((process, name), 0) + 1
            points.append((name, passages[process, name]))
    forget()
    return points, seconds
