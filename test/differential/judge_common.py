"""What all judgements share: the deliberate differences, and the rules for the text of a target."""

import re

from model import Model
from oracle import RELATIVE

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


def refused(got, *codes):
    need("error" in got, "accepted, but the difference says that it is refused")
    need(got["error"]["code"] in codes, "refused with %s, not %s", got["error"]["code"], codes)


def same_refusal(want, got):
    """Whether both refuse, for the same class of reason."""
    return (
        "error" in want
        and "error" in got
        and CODES.get(want["error"]["kind"]) == got["error"]["code"]
    )


def split(target):
    label, at, rest = target.partition("@")
    return (label, rest) if at else (None, target)


class Common:
    def __init__(self, revisions, oracle):
        self.model = Model(revisions)
        self.oracle = oracle

    # ---- targets

    def _rule_of_target(self, target, want):
        """A rule for the text of a target: (difference, codes of the refusal), or None."""
        label, rest = split(target)
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
                    return True, None if same_refusal(want, got) else rule[0]
                refused(got, *rule[1])
                return True, rule[0]
        return False, None

    def _equal_refusals(self, want, got, *targets):
        need("error" in want, "refused, but Alembic accepts")
        need("error" in got, "accepted, but Alembic refuses")
        if want["error"]["kind"] == "unknown" and any(map(self._elsewhere, targets)):
            refused(got, "MG014")
            return "2-reason"
        need(same_refusal(want, got), "refused for another reason")
        return None

    def _elsewhere(self, target):
        """branch@prefix, where the prefix is that of one revision, outside of the branch."""
        label, rest = split(target)
        symbol = re.sub(r"[+-]\d+$", "", rest)
        if label is None or symbol in self.model.names:
            return False
        asked = {"command": "resolve", "target": symbol, "rows": []}
        found = self.oracle.answer(asked).get("revisions", [])
        return len(found) == 1 and found[0] not in self.oracle.lineage(label)

    def _spelled_out(self, target):
        """branch@prefix with the whole identifier, where only the branch makes it clear."""
        label, rest = split(target)
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
