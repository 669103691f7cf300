"""Random graphs, states and commands."""

import random

from model import Model


def _ids(rng, size):
    style = rng.random()
    out = []
    # Now and then few beginnings, so that prefixes are ambiguous.
    beginnings = ["%04x" % rng.getrandbits(16) for _ in range(2)] if rng.random() < 0.3 else [""]
    while len(out) < size:
        if style < 0.1:
            i = "%s%d" % (rng.choice("abcxy"), rng.randint(1, 99))
        elif style < 0.2:
            i = "%04d" % rng.randint(1, 9999)
        else:
            i = rng.choice(beginnings) + "%08x" % rng.getrandbits(32)
        if i not in out:
            out.append(i)
    return out


def graph(rng, size=None):
    """Revisions in load order; acyclic, with every kind of edge, redundant ones too."""
    if size is None:
        size = rng.choice([1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 14, 18, 30, 50])
    if rng.random() < 0.01:
        return []
    ids = _ids(rng, size)
    shape = rng.choice(["line", "tree", "merges", "mixed", "mixed", "mixed", "deps", "dense"])
    base = {"line": 0.05, "tree": 0.1}.get(shape, 0.15)
    merge = {"line": 0, "tree": 0, "merges": 0.45, "dense": 0.5}.get(shape, 0.2)
    depend = {"line": 0.1, "tree": 0.1, "merges": 0.1, "deps": 0.6, "dense": 0.5}.get(shape, 0.25)
    tip = {"line": 1, "tree": 0.4}.get(shape, 0.65)
    revisions, used, labels = [], set(), []
    for k, i in enumerate(ids):
        before = ids[:k]
        down, deps = [], []
        if before and rng.random() > base:
            tips = [p for p in before if p not in used] or before
            down = [rng.choice(tips if rng.random() < tip else before)]
            while rng.random() < merge:
                other = rng.choice(tips if rng.random() < 0.6 else before)
                if other not in down:
                    down.append(other)
        if before and rng.random() < depend:
            deps = rng.sample(before, min(len(before), rng.choice([1, 1, 1, 2, 3])))
            if rng.random() < 0.8:
                deps = [d for d in deps if d not in down]
            if labels and rng.random() < 0.3:
                deps.append(rng.choice(labels))
        used.update(down)
        own = []
        if rng.random() < 0.2:
            own = ["%s%d" % (rng.choice(["lab", "branch", "x"]), k)]
            if rng.random() < 0.15:
                own.append("also%d" % k)
        labels += own
        revisions.append(
            {"revision": i, "down_revision": down, "depends_on": deps, "branch_labels": own}
        )
    if rng.random() < 0.5:
        rng.shuffle(revisions)
    return revisions


def broken(rng):
    """A graph with one thing wrong, most of the time."""
    revisions = graph(rng, rng.randint(1, 8))
    if not revisions:
        return revisions
    r, other = rng.choice(revisions), rng.choice(revisions)
    what = rng.choice(["parent", "dependency", "edge", "edge", "dep edge", "label", "id", "char"])
    if what == "parent":
        r["down_revision"] = r["down_revision"] + ["nosuch"]
    elif what == "dependency":
        r["depends_on"] = r["depends_on"] + ["nosuch"]
    elif what == "edge" and other["revision"] not in r["down_revision"]:
        r["down_revision"] = r["down_revision"] + [other["revision"]]
    elif what == "dep edge":
        r["depends_on"] = r["depends_on"] + [other["revision"]]
    elif what == "label":
        taken = [other["revision"]] + other["branch_labels"]
        r["branch_labels"] = r["branch_labels"] + [rng.choice(taken)]
    elif what == "char":
        old = r["revision"]
        r["revision"] = old + rng.choice("@-+:") + rng.choice(["", "x", "-"])
        for q in revisions:
            for key in ("down_revision", "depends_on"):
                q[key] = [r["revision"] if x == old else x for x in q[key]]
    return revisions


def _prefix(rng, name):
    return name[: rng.choice([1, 2, 3, 4, 4, 4, 6])]


class Calls:
    def __init__(self, rng, revisions):
        self.rng = rng
        self.model = Model(revisions)
        self.ids = self.model.ids
        self.labels = [label for r in revisions for label in r["branch_labels"]]
        self.near = []  # the names that are likely to lead somewhere

    def name(self):
        rng = self.rng
        c = rng.random()
        if self.near and c > 0.35:
            return rng.choice(self.near)
        if not self.ids or c < 0.04:
            return rng.choice(["nosuch", "zz", "feed"])
        if self.labels and c < 0.2:
            name = rng.choice(self.labels)
        else:
            name = rng.choice(self.ids)
        return _prefix(rng, name) if rng.random() < 0.12 else name

    def step(self):
        rng = self.rng
        n = rng.choice(["1", "1", "1", "2", "2", "3", "5", "0", "01", "99999999999999999999"])
        return rng.choice("+-") + n

    def target(self, command):
        rng = self.rng
        c = rng.random()
        if c < 0.28:
            t = self.name()
        elif c < 0.38:
            t = rng.choice(["head", "heads", "heads", "base"])
        elif c < 0.53:
            sign = "+" if command == "upgrade" else "-"
            t = (sign if rng.random() < 0.9 else rng.choice("+-")) + str(rng.randint(1, 3))
        elif c < 0.63:
            t = self.name() + self.step()
        elif c < 0.66:
            t = rng.choice(["head", "heads", "base"]) + self.step()
        elif c < 0.68:
            t = self.step()
        else:
            t = rng.choice(
                [
                    "head",
                    "heads",
                    "base",
                    "+1",
                    "-1",
                    "+2",
                    "-2",
                    "-3",
                    "base+1",
                    "head-1",
                    self.step(),
                    self.name(),
                    self.name(),
                    self.name() + self.step(),
                ]
            )
            t = self.name() + "@" + t
        c = rng.random()
        if c < 0.01:
            t += rng.choice(["x", "+1", "@", "-", " ", ":", ":head"])
        elif c < 0.015:
            t = "@" + t
        elif c < 0.018:
            t = ""
        return t

    def state(self):
        """An applied set without gaps."""
        rng = self.rng
        if not self.ids or rng.random() < 0.1:
            return set()
        if rng.random() < 0.15:
            return set(self.ids)
        count = rng.choice([1, 1, 1, 2, 2, 3, 4])
        return self.model.closure(rng.sample(self.ids, min(len(self.ids), count)))

    def gaps(self, applied):
        heads = self.model.maximal(applied)
        below = [i for i in applied if i not in heads]
        below.sort(key=self.ids.index)
        return set(self.rng.sample(below, self.rng.randint(1, min(3, len(below))))) if below else set()

    def end(self, command):
        rng = self.rng
        c = rng.random()
        if c < 0.25:
            return ""
        if c < 0.4:
            return "current"
        if c < 0.7:
            return self.name()
        return self.target(command).replace(":", "")

    def call(self):
        rng = self.rng
        command = rng.choices(
            "upgrade downgrade stamp revision merge history resolve current info".split(),
            [28, 28, 14, 2, 1, 10, 6, 4, 2],
        )[0]
        applied = self.state()
        self.near = sorted(applied) if command == "downgrade" else []
        call = {"command": command}
        if command in ("upgrade", "downgrade"):
            call["target"] = self.target(command)
            if rng.random() < 0.15:
                applied -= self.gaps(applied)
            elif rng.random() < 0.07:
                call["sql"] = True
                c = rng.random()
                start = self.name() if c < 0.8 else rng.choice(["", "base", "head", "heads"])
                call["target"] = start + ":" + call["target"].replace(":", "")
        elif command == "stamp":
            count = rng.choice([1, 1, 1, 1, 2, 2, 3])
            call["targets"] = [self.name() for _ in range(count)]
            if rng.random() < 0.2:
                call["targets"][0] = self.target(command)
            elif rng.random() < 0.4:
                rest = rng.choice(["head", "heads", "base", self.name()])
                call["targets"][0] = rest if rng.random() < 0.5 else self.name() + "@" + rest
            call["purge"] = rng.random() < 0.15
        elif command in ("revision", "merge"):
            call["id"] = "%012x" % rng.getrandbits(48)
            if rng.random() < 0.04:
                call["id"] = rng.choice([self.name(), "a-b", "a@b:c"])
            call["splice"] = rng.random() < 0.4
            if command == "merge":
                call["heads"] = ["heads"] if rng.random() < 0.5 else [self.name(), self.name()]
            else:
                call["heads"] = [rng.choice(["head", "head", "heads", "base", self.target("")])]
                if rng.random() < 0.3:
                    call["heads"] = [self.name() for _ in range(rng.randint(1, 3))]
            if rng.random() < 0.3:
                call["labels"] = [rng.choice(["fresh", "fresh2", self.name()])]
            if rng.random() < 0.4:
                call["depends_on"] = [self.name() for _ in range(rng.randint(1, 2))]
                if rng.random() < 0.2:
                    call["depends_on"].append(self.target(""))
        elif command == "history":
            call["range"] = self.end("downgrade") + ":" + self.end("upgrade")
            if rng.random() < 0.05:
                call["range"] = rng.choice([":", " : ", "", "a:b:c", self.name()])
        elif command == "resolve":
            call["target"] = "current" if rng.random() < 0.2 else self.target("")
        call["applied"] = sorted(applied, key=self.ids.index)
        call["rows"] = self.model.in_order(self.model.maximal(applied))
        return call


def case(seed, number, calls, size=None):
    rng = random.Random("%d/%d" % (seed, number))
    if rng.random() < 0.04:
        return {"revisions": broken(rng), "calls": [{"command": "info", "rows": [], "applied": []}]}
    revisions = graph(rng, size and rng.randint(1, size))
    make = Calls(rng, revisions)
    return {"revisions": revisions, "calls": [make.call() for _ in range(calls)]}
