"""What the judge must know of a graph by itself, so that it believes neither side."""


class Model:
    def __init__(self, revisions):
        self.ids = [r["revision"] for r in revisions]
        self.names = {}
        for r in revisions:
            for name in [r["revision"]] + list(r["branch_labels"]):
                self.names.setdefault(name, r["revision"])
        self.place = {i: k for k, i in enumerate(self.ids)}
        self.parents = {r["revision"]: list(r["down_revision"]) for r in revisions}
        self.down = {
            r["revision"]: set(r["down_revision"]) | {self.names.get(d, d) for d in r["depends_on"]}
            for r in revisions
        }

    def in_order(self, ids):
        return sorted(ids, key=self.place.__getitem__)

    def closure(self, ids):
        out, todo = set(), list(ids)
        while todo:
            i = todo.pop()
            if i not in out:
                out.add(i)
                todo += self.down[i]
        return out

    def maximal(self, ids):
        below = set()
        for i in ids:
            below |= self.closure(self.down[i])
        return {i for i in ids if i not in below}

    def above(self, ids):
        return {i for i in self.ids if self.closure([i]) & set(ids)}

    def has_cycle(self):
        known = {i: {d for d in self.down[i] if d in self.down} for i in self.ids}
        left = set(self.ids)
        while True:
            free = {i for i in left if not known[i] & left}
            if not free:
                return bool(left)
            left -= free

    def upwards(self, ids):
        """Whether each comes after all of the list that it stands on."""
        seen = set()
        wanted = set(ids)
        for i in ids:
            if (self.closure([i]) & wanted) - seen - {i}:
                return False
            seen.add(i)
        return len(seen) == len(ids)
