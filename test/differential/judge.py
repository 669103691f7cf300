"""Compares the answers of Alembic and of src/core.

The two must be equal, except under one of the deliberate differences. Each is a rule that looks at
the case (and at what Alembic makes of it), never at our answer; where it applies, our answer must
be what the difference promises. A rule that applies to a case on which both agree is not counted.
"""

import re

from model import Model
from oracle import RELATIVE, Refusal

DIFFERENCES = {
    "1": "Alembic ends in an internal error, or accepts a cycle or a walk off the graph: refused",
    "1-heads": "Alembic crashes in the version table or leaves rows that are not minimal:"
    " the maximal set",
    "1-stamp": "Alembic's stamp of several loses one of them, or crashes: all of them hold",
    "1-taken": "a new identifier that is in use is refused (Alembic warns, or never ends)",
    "1-merge": "a merge of fewer than two revisions is refused",
    "2-junk": "trailing junk after a relative target is refused",
    "2-member": "downgrade branch@revision is refused when the revision is not of the branch",
    "2-reason": "a prefix that only a revision outside of the branch has is not just unknown",
    "2-prefix": "stamp looks branch@prefix up in the branch, as upgrade does",
    "2-relative": "a relative target is refused as such where Alembic cannot find it",
    "3-label": "an unknown branch label is refused everywhere",
    "3-base": "branch@base is refused when it would take down revisions of other branches",
    "4-merge": "-N may end with undoing a merge",
    "4-heads": "-N with several current heads is refused",
    "5": "a revision spliced in below an applied one is pending",
    "6": "current means the applied set",
}

CODES = {
    "multiple_heads": "MG003",
    "unknown": "MG001",
    "ambiguous": "MG002",
    "not_member": "MG014",
    "range": "MG014",
    "overlap": "MG008",
    "taken": "MG008",
    "cycle": "MG008",
    "invalid": "MG014",
}


class Mismatch(Exception):
    pass


def need(condition, text, *values):
    if not condition:
        raise Mismatch(text % values if values else text)


def _refused(got, *codes):
    need("error" in got, "accepted, but the difference says that it is refused")
    need(got["error"]["code"] in codes, "refused with %s, not %s", got["error"]["code"], codes)


def _same_refusal(want, got):
    """Whether both refuse, for the same class of reason."""
    return (
        "error" in want
        and "error" in got
        and CODES.get(want["error"]["kind"]) == got["error"]["code"]
    )


def _split(target):
    label, at, rest = target.partition("@")
    return (label, rest) if at else (None, target)


class Judge:
    def __init__(self, revisions, oracle):
        self.model = Model(revisions)
        self.oracle = oracle

    def judge(self, call, want, got):
        """The difference that excuses the case, or None when both agree. Raises Mismatch."""
        return getattr(self, "_" + call["command"])(call, want, got)

    # ---- targets

    def _rule_of_target(self, target, want):
        """A rule for the text of a target: (difference, codes of the refusal), or None."""
        label, rest = _split(target)
        if ":" in target:
            return "1", ("MG014",)
        if target == "" or rest == "" and label is not None:
            return "1", ("MG014",)
        if label == "":
            return "3-label", ("MG014",)
        if RELATIVE.match(target) and not RELATIVE.fullmatch(target):
            return "2-junk", ("MG014",)
        if label is not None and self.oracle.lineage(label) is None:
            return "3-label", ("MG001", "MG002")
        if want.get("error", {}).get("kind") == "internal":
            return "1", ("MG001", "MG002", "MG003", "MG008", "MG014")
        return None

    def _textual(self, targets, want, got):
        """(True, difference) when a rule of some target settles the case."""
        for target in targets:
            rule = self._rule_of_target(target, want)
            if rule:
                if "error" in want and "error" in got and want["error"]["kind"] != "internal":
                    # Of several reasons to refuse each side may see another one first.
                    need(got["error"]["code"] in rule[1] + (CODES[want["error"]["kind"]],), "code")
                    return True, None if _same_refusal(want, got) else rule[0]
                _refused(got, *rule[1])
                return True, rule[0]
        return False, None

    def _equal_refusals(self, want, got, *targets):
        need("error" in want, "refused, but Alembic accepts")
        need("error" in got, "accepted, but Alembic refuses")
        if want["error"]["kind"] == "unknown" and any(map(self._elsewhere, targets)):
            _refused(got, "MG014")
            return "2-reason"
        need(_same_refusal(want, got), "refused for another reason")
        return None

    def _elsewhere(self, target):
        """branch@prefix, where the prefix is that of one revision, outside of the branch."""
        label, rest = _split(target)
        symbol = re.sub(r"[+-]\d+$", "", rest)
        if label is None or symbol in self.model.names:
            return False
        asked = {"command": "resolve", "target": symbol, "rows": []}
        found = self.oracle.answer(asked).get("revisions", [])
        return len(found) == 1 and found[0] not in self.oracle.lineage(label)

    # ---- plans

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
            _refused(got, "MG014")
            return True, None if _same_refusal(want, got) else "1"
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
        label, rest = _split(target)
        m = re.fullmatch(r"-(\d+)", rest)
        n = int(m.group(1)) if m else 0
        if n and label is None and len(rows) > 1:
            _refused(got, "MG003")
            need("@-" in got["error"]["hint"], "no hint")
            return "4-heads"
        if n and self._undone_merge(rows, label, n):
            return self._undo(rows, applied, label, n, got)
        try:
            to = self.oracle.downgrade_target(rows, target)
        except Refusal:
            return self._equal_refusals(want, got, target)
        if label is not None and to is not None and to not in self.oracle.lineage(label):
            _refused(got, "MG014")
            return None if _same_refusal(want, got) else "2-member"
        if label is not None and to is None and "error" not in want:
            planned = {s["revision"] for s in want["planned"]} & applied
            outside = planned - self.oracle.lineage(label)
            if outside:
                _refused(got, "MG014")
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
            _refused(got, "MG014")
            return "4-merge"
        active = self.model.closure(applied)
        order = self.oracle.newest_first(self.model.above([merge]) & active, rows)
        need("error" not in got, "refused, but the difference undoes the merge")
        down = [s["revision"] for s in got["steps"]]
        need(down == [i for i in order if i in applied], "other steps")
        self._heads_follow(applied, got)
        return "4-merge"

    # ---- stamp

    def _stamp(self, call, want, got):
        rules = [self._rule_of_target(t, {}) for t in call["targets"]]
        if any(re.search(r"[+-]\d+$", t) for t in call["targets"]) or any(rules):
            # A wrong text: each side may see another one first.
            need("error" in got, "accepted, but a target is wrong")
            if "error" in want:
                codes = {"MG014", CODES.get(want["error"]["kind"])}
                codes |= {c for r in rules if r for c in r[1]}
                other = [t for t in call["targets"] if not re.search(r"[+-]\d+$", t)]
                codes |= self._codes_alone(other)
                need(got["error"]["code"] in codes, "code")
                return None if _same_refusal(want, got) else "2-relative"
            return next((r[0] for r in rules if r), "2-relative")
        spelled = [self._spelled_out(t) for t in call["targets"]]
        if want.get("error", {}).get("kind") == "ambiguous" and spelled != call["targets"]:
            clear = dict(call, targets=spelled)
            self._stamp(clear, self.oracle.answer(clear), got)
            return "2-prefix"
        if "error" in want:
            if want["error"]["kind"] == "internal":
                need("error" in got, "accepted, but Alembic fails")
                return "1"
            need("error" in got, "accepted, but Alembic refuses")
            codes = self._codes_alone(call["targets"]) | {CODES[want["error"]["kind"]]}
            need(got["error"]["code"] in codes, "refused for another reason")
            return "2-reason" if any(map(self._elsewhere, call["targets"])) else None
        need("error" not in got, "refused, but Alembic accepts")
        before = set() if call["purge"] else set(call["applied"])
        rows = set() if call["purge"] else set(call["rows"])
        steps = []
        for step in want["planned"]:  # what was replaced before is not replaced again
            if not step["to"] or step["to"] not in [to for _, to in steps]:
                steps.append((set(step["from"]) & rows, step["to"]))
            rows = (rows - set(step["from"])) | set(step["to"])
        wanted = set(want["wanted"])
        heads = self.model.maximal(rows | wanted)
        need(got["heads"] == self.model.in_order(heads), "other heads")
        applied = (before & self.model.closure(heads)) | self.model.closure(wanted)
        need(got["applied"] == self.model.in_order(applied), "other revisions applied")
        need(set(got["added"]) == applied - set(call["applied"]), "added")
        need(set(got["removed"]) == set(call["applied"]) - applied, "removed")
        need(self.model.upwards(got["added"]), "order of the added")
        need(self.model.upwards(got["removed"][::-1]), "order of the removed")
        need([(set(s["from"]), s["to"]) for s in got["steps"]] == steps, "other steps")
        crashed = any("crash" in s for s in want["steps"])
        if not crashed and set(want["rows"]) == heads:
            return None
        need(len(want["wanted"]) > 1, "Alembic stamps one revision otherwise")
        if crashed:
            return "1-stamp"
        return "1-stamp" if not wanted <= set(want["rows"]) else "1-heads"

    def _spelled_out(self, target):
        """branch@prefix with the whole identifier, where only the branch makes it clear."""
        label, rest = _split(target)
        if label is None:
            return target
        ask = lambda t: self.oracle.answer({"command": "resolve", "target": t, "rows": []})  # noqa: E731
        found = ask(target).get("revisions", [])
        if len(found) != 1 or ask(rest).get("error", {}).get("kind") != "ambiguous":
            return target
        return label + "@" + found[0]

    def _codes_alone(self, targets):
        """How Alembic refuses each of the targets by itself."""
        out = set()
        for target in targets:
            rule = self._rule_of_target(target, {})
            if rule:
                out |= set(rule[1])
            elif self._elsewhere(target):
                out.add("MG014")
            found = self.oracle.answer({"command": "resolve", "target": target, "rows": []})
            if "error" in found:
                out.add(CODES.get(found["error"]["kind"], "MG014"))
        return out

    def _leaves_the_graph(self, target):
        found = self.oracle.answer({"command": "resolve", "target": target, "rows": []})
        return any(i in (None, "base") for i in found.get("revisions", []))

    # ---- new revisions

    def _revision(self, call, want, got):
        texts = call["heads"] + call.get("depends_on", [])
        taken = call["id"] in self.model.names
        merged = call["command"] == "merge"
        if "error" not in want and any(self._leaves_the_graph(t) for t in call["heads"]):
            _refused(got, "MG014")
            return "1"
        if taken:  # Alembic was not asked
            codes = self._codes_alone(texts) | {"MG008", "MG014"}
            _refused(got, *codes)
            return "1-taken"
        if merged and "error" not in want and len(want["down_revision"]) < 2:
            _refused(got, "MG014")
            return "1-merge"
        if "error" in want or any(self._rule_of_target(t, want) for t in texts):
            need("error" in got, "accepted, but Alembic refuses or a target is wrong")
            codes = self._codes_alone(texts)
            if "error" in want and want["error"]["kind"] in CODES:
                codes.add(CODES[want["error"]["kind"]])
            codes |= {"MG014"} if want.get("error", {}).get("kind") == "internal" else set()
            if any(re.search(r"[+-]\d+$", t) for t in texts):
                codes.add("MG014")
            need(got["error"]["code"] in codes, "refused for another reason")
            if _same_refusal(want, got):
                return None
            rules = [self._rule_of_target(t, want) for t in texts]
            return next((r[0] for r in rules if r), "2-relative")
        need("error" not in got, "refused, but Alembic accepts")
        for key in ("revision", "down_revision", "depends_on"):
            need(got[key] == want[key], key)
        need(sorted(got["branch_labels"]) == want["branch_labels"], "branch_labels")
        return None

    _merge = _revision

    # ---- reading

    def _history(self, call, want, got):
        text = call["range"].strip()
        if text.count(":") != 1:
            _refused(got, "MG014")
            return None if _same_refusal(want, got) else "1"
        lower, upper = text.split(":")
        if "current" in (lower, upper) and (not call["rows"] or lower == upper):
            return self._history_of_current(call, lower, upper, got)
        ends = [e for e in (lower, upper) if e and e != "current"]
        rules = [r for r in (self._rule_of_target(e, {}) for e in ends) if r]
        if rules or want.get("error", {}).get("kind") == "internal":
            internal = want.get("error", {}).get("kind") == "internal"
            if internal and not rules:
                return self._history_by_set(call, got)
            need("error" in got, "accepted, but an end is wrong")
            codes = {c for r in rules for c in r[1]} | self._codes_alone(ends)
            codes |= {"MG014"} if RELATIVE.fullmatch(lower) else set()
            if "error" in want:
                codes.add(CODES.get(want["error"]["kind"], "MG014"))
            need(got["error"]["code"] in codes, "refused for another reason")
            return None if _same_refusal(want, got) else rules[0][0]
        lost = "error" in want and self._leaves_the_graph(lower or "base")
        if lost or "error" in want and (
            want["error"]["kind"] == "unknown" and RELATIVE.fullmatch(lower)
        ):
            _refused(got, "MG001", "MG014", CODES[want["error"]["kind"]])
            return None if _same_refusal(want, got) else "2-relative"
        if "error" in want:
            return self._equal_refusals(want, got, *ends)
        need("error" not in got, "refused, but Alembic accepts")
        need(got["revisions"] == want["revisions"], "other revisions")
        return None

    def _history_by_set(self, call, got):
        """Alembic fails: either it cannot say what the range covers, or only not in which order."""
        try:
            covered = self.oracle.history_set(call)
        except Refusal:
            _refused(got, "MG001", "MG002", "MG003", "MG008", "MG014")
            return "1"
        need("error" not in got, "refused, but the range is sound")
        need(set(got["revisions"]) == covered, "other revisions")
        need(self.model.upwards(got["revisions"][::-1]), "order")
        return "1"

    def _history_of_current(self, call, lower, upper, got):
        """Alembic takes an empty table for the whole history, and `current` for one end only."""
        if upper == "current" and lower == "current":
            need("error" not in got, "refused")
            need(set(got["revisions"]) == set(call["rows"]), "other revisions")
            return "6"
        if lower == "current":  # of nothing: from the base
            other = dict(call, range="base:" + upper)
            want = self.oracle.answer(other)
            self._history(other, want, got)
            return "6"
        if "error" not in got:
            need(got["revisions"] == [], "nothing is applied, but something is shown")
        return "6"

    def _resolve(self, call, want, got):
        target = call["target"]
        if target == "current":
            need("error" not in got, "refused")
            shown = self.model.in_order(self.oracle.all_current(call["rows"]))
            need(got["revisions"] == shown, "other revisions")
            return None if set(want["revisions"]) == set(shown) else "6"
        settled, difference = self._textual([target], want, got)
        if settled:
            return difference
        if "error" in want:
            relative = RELATIVE.fullmatch(target)
            if relative and want["error"]["kind"] == "unknown":
                _refused(got, "MG001", "MG014")
                return None if _same_refusal(want, got) else "2-relative"
            return self._equal_refusals(want, got, target)
        if any(i in (None, "base") for i in want["revisions"]):
            _refused(got, "MG014")
            return "1"
        need("error" not in got, "refused, but Alembic accepts")
        need(got["revisions"] == want["revisions"], "other revisions")
        return None

    def _current(self, call, want, got):
        need("error" not in got and "error" not in want, "refused")
        need(got["revisions"] == self.model.in_order(want["revisions"]), "other revisions")
        pending = set(self.model.ids) - set(call["applied"])
        need(got["at_heads"] == (not pending), "at_heads")
        return None

    def _info(self, call, want, got):
        for key in ("heads", "real_heads", "bases", "real_bases", "branch_points", "merge_points"):
            need(self.model.in_order(want[key]) == got[key], key)
        need({k: sorted(v) for k, v in got["labels"].items()} == want["labels"], "labels")
        need(got["dependencies"] == want["dependencies"], "dependencies")
        need(got["downs"] == want["downs"], "downs")
        return None

    def load(self, want, got):
        """For a graph that one side does not load."""
        if "error" not in want:
            need(self.model.has_cycle(), "the graph is refused, but Alembic loads it")
            _refused(got, "MG008")
            return "1"
        need("error" in got, "the graph is accepted, but Alembic refuses it")
        if want["error"]["kind"] == "internal":
            _refused(got, "MG008")
            return "1"
        need(_same_refusal(want, got), "refused for another reason")
        return None
