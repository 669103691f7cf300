"""Judges upgrades and downgrades."""

import re

from judge_common import Common, need, refused, same_refusal, split
from oracle import Refusal


class Plans(Common):
    def _heads_follow(self, applied, got):
        """Our heads are the maximal elements of what is applied, after every step."""
        applied = set(applied)
        before = self.model.maximal(self.model.closure(applied))
        for step in got["steps"]:
            if step["direction"] == "upgrade":
                need(step["revision"] not in applied, "%s runs twice", step["revision"])
                below = self.model.down[step["revision"]]
                need(below <= applied, "%s runs before what it stands on", step["revision"])
                applied.add(step["revision"])
            else:
                need(step["revision"] in applied, "%s is taken down twice", step["revision"])
                applied.discard(step["revision"])
            heads = self.model.maximal(self.model.closure(applied))
            need(step["heads"] == self.model.in_order(heads), "heads after %s", step["revision"])
            self._change_is_said(step, before, heads)
            before = heads

    def _change_is_said(self, step, before, heads):
        removed, added = before - heads, heads - before
        need(set(step["removed"]) == removed, "removed heads after %s", step["revision"])
        need(set(step["added"]) == added, "added heads after %s", step["revision"])
        if not removed and not added:
            kind = "none"
        elif step["direction"] == "upgrade":
            kind = ["insert", "update", "merge"][min(2, len(removed))]
        else:
            kind = ["delete", "update", "unmerge"][min(2, len(added))]
        need(step["change"] == kind, "%s is said to be %s", kind, step["change"])

    def _same_plan(self, want, got, revisions):
        need("error" not in got, "refused, but Alembic accepts")
        need([s["revision"] for s in got["steps"]] == revisions, "other steps")
        for mine, other in zip(got["steps"], want["steps"]):
            if "crash" in other or set(self.model.maximal(other["rows"])) != set(other["rows"]):
                return "1-heads"
            need(set(mine["heads"]) == set(other["rows"]), "heads after %s", mine["revision"])
        return None

    def _start(self, call):
        """Rows and applied set where a plan starts, as the range of an SQL plan says."""
        applied = set(call["applied"])
        target = call["target"]
        if call.get("sql"):
            start, target = target.split(":", 1)
            applied = set()
            if start and start != "base":
                found = self.oracle.answer({"command": "resolve", "target": start, "rows": []})
                applied = self.model.closure(i for i in found.get("revisions", []) if i)
        rows = self.model.in_order(self.model.maximal(self.model.closure(applied)))
        return rows, applied, target

    def _range(self, call, want, got):
        """Settles what only an SQL plan can get wrong: its start."""
        if not call.get("sql"):
            return False, None
        start, end = call["target"].split(":", 1)
        if end == "" or (start == "" and call["command"] == "downgrade"):
            refused(got, "MG014")
            return True, None if same_refusal(want, got) else "1"
        if start:
            settled, difference = self._textual([start], want, got)
            if settled:
                return True, difference
            asked = {"command": "resolve", "target": start, "rows": []}
            found = self.oracle.answer(asked)
            if "error" in found or len(found["revisions"]) > 1:
                need("error" in want, "the start of the range is wrong, but Alembic accepts")
                return True, self._equal_refusals(want, got, start)
        return False, None

    def _upgrade(self, call, want, got):
        settled, difference = self._range(call, want, got)
        if settled:
            return difference
        rows, applied, target = self._start(call)
        settled, difference = self._textual([target], want, got)
        if settled:
            return difference
        if "error" in want:
            return self._equal_refusals(want, got, target)
        need("error" not in got, "refused, but Alembic accepts")
        self._heads_follow(applied, got)
        closed = self.model.closure(applied)
        reached = self.model.closure(self.oracle.upgrade_targets(rows, target))
        spliced = (reached & closed) - applied
        count = len(spliced)
        need(set(got["spliced"]) == spliced, "spliced revisions")
        first = [s["revision"] for s in got["steps"][:count]]
        need(got["spliced"] == first and self.model.upwards(first), "spliced revisions run first")
        planned = [s["revision"] for s in want["planned"]]
        if closed == applied:
            return self._same_plan(want, got, planned)
        need([s["revision"] for s in got["steps"][count:]] == planned, "other steps")
        return "5"

    def _downgrade(self, call, want, got):
        settled, difference = self._range(call, want, got)
        if settled:
            return difference
        rows, applied, target = self._start(call)
        settled, difference = self._textual([target], want, got)
        if settled:
            return difference
        label, rest = split(target)
        m = re.fullmatch(r"-(\d+)", rest)
        n = int(m.group(1)) if m else 0
        if n and label is None and len(rows) > 1:
            refused(got, "MG003")
            need("@-" in got["error"]["hint"], "no hint")
            return "4-heads"
        if n and self._undone_merge(rows, label, n):
            return self._undo(rows, applied, label, n, got)
        try:
            to = self.oracle.downgrade_target(rows, target)
        except Refusal:
            return self._equal_refusals(want, got, target)
        if label is not None and to is not None and to not in self.oracle.lineage(label):
            refused(got, "MG014")
            return None if same_refusal(want, got) else "2-member"
        if label is not None and to is None and "error" not in want:
            planned = {s["revision"] for s in want["planned"]} & applied
            outside = planned - self.oracle.lineage(label)
            if outside:
                refused(got, "MG014")
                named = re.findall(r"\w+", got["error"]["detail"])[2:]
                more = int(named[-2]) if named[-1] == "more" else 0  # a long list is cut
                named = set(named[: -3 if more else None])
                need(named <= outside, "the refusal names other revisions")
                need(len(named) + more == len(outside), "the refusal does not name them all")
                return "3-base"
        if "error" in want:
            return self._equal_refusals(want, got, target)
        need("error" not in got, "refused, but Alembic accepts")
        self._heads_follow(applied, got)
        planned = [s["revision"] for s in want["planned"]]
        if self.model.closure(applied) == applied:
            return self._same_plan(want, got, planned)
        down = [s["revision"] for s in got["steps"]]
        need(down == [i for i in planned if i in applied], "other steps")
        return "5"

    def _undone_merge(self, rows, label, n):
        """The merge that the last of n steps down leads to, or None."""
        found = list(rows)
        if label is not None:
            branch = self.oracle.lineage(label)
            found = [i for i in rows if i in branch]
            if not found:
                found = [i for i in self.oracle.all_current(rows) if i in branch]
        if len(found) != 1:
            return None
        at = found[0]
        for _ in range(n - 1):
            if len(self.model.parents[at]) != 1:
                return None
            at = self.model.parents[at][0]
        return at if len(self.model.parents[at]) > 1 else None

    def _undo(self, rows, applied, label, n, got):
        merge = self._undone_merge(rows, label, n)
        branch = self.oracle.lineage(label) if label is not None else None
        if branch is not None and merge not in branch:
            refused(got, "MG014")
            return "4-merge"
        active = self.model.closure(applied)
        order = self.oracle.newest_first(self.model.above([merge]) & active, rows)
        need("error" not in got, "refused, but the difference undoes the merge")
        down = [s["revision"] for s in got["steps"]]
        need(down == [i for i in order if i in applied], "other steps")
        self._heads_follow(applied, got)
        return "4-merge"
