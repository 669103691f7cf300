"""Compares the answers of Alembic and of src/core.

The two must be equal, except under one of the deliberate differences. Each is a rule that looks at
the case (and at what Alembic makes of it), never at our answer; where it applies, our answer must
be what the difference promises. A rule that applies to a case on which both agree is not counted.
"""

import re

from judge_common import CODES, DIFFERENCES, Mismatch, need, refused, same_refusal
from judge_plans import Plans
from oracle import RELATIVE, Refusal

__all__ = ["DIFFERENCES", "Judge", "Mismatch"]


class Judge(Plans):
    def judge(self, call, want, got):
        """The difference that excuses the case, or None when both agree. Raises Mismatch."""
        return getattr(self, "_" + call["command"])(call, want, got)

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
                return None if same_refusal(want, got) else "2-relative"
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

    # ---- new revisions

    def _revision(self, call, want, got):
        texts = call["heads"] + call.get("depends_on", [])
        taken = call["id"] in self.model.names
        merged = call["command"] == "merge"
        if "error" not in want and any(self._leaves_the_graph(t) for t in call["heads"]):
            refused(got, "MG014")
            return "1"
        if taken:  # Alembic was not asked
            codes = self._codes_alone(texts) | {"MG008", "MG014"}
            refused(got, *codes)
            return "1-taken"
        if merged and "error" not in want and len(want["down_revision"]) < 2:
            refused(got, "MG014")
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
            if same_refusal(want, got):
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
            refused(got, "MG014")
            return None if same_refusal(want, got) else "1"
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
            return None if same_refusal(want, got) else rules[0][0]
        lost = "error" in want and self._leaves_the_graph(lower or "base")
        if lost or "error" in want and (
            want["error"]["kind"] == "unknown" and RELATIVE.fullmatch(lower)
        ):
            refused(got, "MG001", "MG014", CODES[want["error"]["kind"]])
            return None if same_refusal(want, got) else "2-relative"
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
            refused(got, "MG001", "MG002", "MG003", "MG008", "MG014")
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
                refused(got, "MG001", "MG014")
                return None if same_refusal(want, got) else "2-relative"
            return self._equal_refusals(want, got, target)
        if any(i in (None, "base") for i in want["revisions"]):
            refused(got, "MG014")
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
            refused(got, "MG008")
            return "1"
        need("error" in got, "the graph is accepted, but Alembic refuses it")
        if want["error"]["kind"] == "internal":
            refused(got, "MG008")
            return "1"
        need(same_refusal(want, got), "refused for another reason")
        return None
