"""Real Alembic, asked in memory: the same cases as driver.cpp, answered by alembic itself.

A case is {"revisions": [...], "calls": [...]}. A revision has revision, down_revision (a list),
depends_on (a list) and branch_labels (a list); their order is the order of creation, which is
Alembic's load order. A call has command, rows (what the version table holds) and its arguments:

  upgrade, downgrade   target [sql]                 steps, and the rows after each
  stamp                targets, purge               stamp steps and the rows afterwards
  revision, merge      id, heads, splice, labels, depends_on
  history              range        resolve  target        current        info

It runs on Debian's alembic 1.8.1. Two things differ from the newest release (1.19) in what is asked
here, and both are backported: the downgrade of the last row to several parents, where one of them
is an ancestor of another (#1373, fixed in 1.13.1), and ':' in a revision identifier (1.9).
Where Alembic iterates over a set, so that the answer depends on PYTHONHASHSEED (the order of the
normalized dependencies), the declared order is used.
"""

import contextlib
import io
import os
import re
import tempfile
import types
import warnings

import alembic
from alembic import util
from alembic.runtime import migration as al_migration
from alembic.script import Script, ScriptDirectory
from alembic.script import revision as al_revision

RELATIVE = al_revision._relative_destination
VERSION = tuple(int(x) for x in re.findall(r"\d+", alembic.__version__)[:3])

if ":" not in al_revision._revision_illegal_chars:
    al_revision._revision_illegal_chars = ["@", "-", "+", ":"]

_native_unmerge = al_migration.RevisionStep._unmerge_to_revisions


def _fixed_unmerge(self, heads):
    if set(heads) - {self.revision.revision}:
        return _native_unmerge(self, heads)
    implied = set()
    for to in self.to_revisions:
        for r in self.revision_map._get_ancestor_nodes(self.revision_map.get_revisions(to)):
            if r.revision != to:
                implied.add(r.revision)
    return tuple(t for t in self.to_revisions if t not in implied)


if VERSION < (1, 13, 1):
    al_migration.RevisionStep._unmerge_to_revisions = _fixed_unmerge


class _Anything:
    """Stands for the version table and its statements: only the rows matter here."""

    as_sql = False
    supports_sane_rowcount = False

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self


_MAKO = '''"""${message}"""
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}
def upgrade():
    pass
def downgrade():
    pass
'''

_directory = None


def _script_directory():
    global _directory
    if _directory is None:
        _directory = tempfile.TemporaryDirectory()
        os.mkdir(os.path.join(_directory.name, "versions"))
        with open(os.path.join(_directory.name, "script.py.mako"), "w") as f:
            f.write(_MAKO)
    return _directory.name


class _Directory(ScriptDirectory):
    def __init__(self, revisions):
        super().__init__(_script_directory())
        self._given = revisions

    def _load_revisions(self):
        for r in self._given:
            module = types.ModuleType("m")
            module.__doc__ = ""
            module.revision = r["revision"]
            down = r.get("down_revision") or None
            module.down_revision = down[0] if down and len(down) == 1 else down and tuple(down)
            module.branch_labels = tuple(r.get("branch_labels") or ()) or None
            module.depends_on = tuple(r.get("depends_on") or ()) or None
            module.upgrade = module.downgrade = lambda: None
            yield Script(module, r["revision"], r["revision"] + ".py")


def _rid(r):
    return r if r is None or isinstance(r, str) else r.revision


class Refusal(Exception):
    """Alembic refused; `kind` is the class of the refusal, "internal" for a bug of its own."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind, self.message = kind, message

    def answer(self):
        return {"error": {"kind": self.kind, "message": self.message}}


def _classified(e):
    cause = e.__cause__ if isinstance(e, util.CommandError) and e.__cause__ else e
    text = str(cause)
    chain = []
    c = cause
    while c is not None:
        chain.append(str(c))
        c = c.__cause__ or c.__context__
    if isinstance(cause, al_revision.CycleDetected):
        kind = "cycle"
    elif isinstance(cause, al_revision.MultipleHeads):
        kind = "multiple_heads"
    elif isinstance(cause, al_revision.ResolutionError):
        if "is not a member of branch" in text:
            kind = "not_member"
        elif any(t.startswith("Multiple revisions start") for t in chain):
            kind = "ambiguous"
        else:
            kind = "unknown"
    elif isinstance(cause, al_revision.RangeNotAncestorError):
        kind = "range"
    elif isinstance(cause, (al_revision.RevisionError, util.CommandError)):
        if "overlaps with" in text:
            kind = "overlap"
        elif "already used by" in text:
            kind = "taken"
        else:
            kind = "invalid"
    else:
        kind = "internal"
        text = "%s: %s" % (type(cause).__name__, text)
    return Refusal(kind, text)


@contextlib.contextmanager
def _refusals():
    try:
        yield
    except (Refusal, TimeoutError):
        raise
    except Exception as e:  # every failure of Alembic is an answer
        raise _classified(e) from e


class Oracle:
    """One graph. Raises Refusal when Alembic does not load it."""

    def __init__(self, revisions):
        self.revisions = revisions
        self.directory = self._load()
        self.map = self.directory.revision_map

    def _load(self):
        with _refusals(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            directory = _Directory(self.revisions)
            for rev in set(directory.revision_map._revision_map.values()) - {None}:
                kept = set(rev._normalized_resolved_dependencies)
                rev._normalized_resolved_dependencies = tuple(
                    d for d in rev._resolved_dependencies if d in kept
                )
            return directory

    # ---- what the judge asks beside the commands

    def lineage(self, label):
        """The ids of a branch, or None when no branch has this name."""
        try:
            branch = self.map._resolve_branch(label)
        except al_revision.ResolutionError:
            return None
        return {
            r.revision
            for walk in (self.map._get_ancestor_nodes, self.map._get_descendant_nodes)
            for r in walk([branch], include_dependencies=False)
        }

    def upgrade_targets(self, rows, target):
        with _refusals():
            return [_rid(r) for r in self.map._parse_upgrade_target(tuple(rows), target, True)]

    def downgrade_target(self, rows, target):
        """An id, or None for base."""
        with _refusals(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = self.map._parse_downgrade_target(tuple(rows), target, True)[1]
            return None if found in (None, "base") else found.revision

    def newest_first(self, ids, heads):
        revisions = self.map._revision_map
        return list(
            self.map._topological_sort([revisions[i] for i in ids], [revisions[i] for i in heads])
        )

    def all_current(self, rows):
        with _refusals():
            return [_rid(r) for r in self.directory.get_all_current(tuple(rows))]

    # ---- commands

    def answer(self, call):
        try:
            with _refusals(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return getattr(self, "_" + call["command"])(call)
        except Refusal as r:
            return r.answer()

    def _run(self, steps, rows, describe):
        maintainer = al_migration.HeadMaintainer(_Anything(), rows)
        out = []
        for step in steps:
            out.append(describe(step))
            try:
                maintainer.update_to_step(step)
            except Exception as e:
                out[-1]["crash"] = "%s: %s" % (type(e).__name__, e)
                break
            out[-1]["rows"] = sorted(maintainer.heads)
        planned = [describe(s) for s in steps]
        return {"steps": out, "planned": planned, "rows": sorted(maintainer.heads)}

    def _plan(self, call, revs):
        rows, target = tuple(call["rows"]), call["target"]
        if ":" in target:
            if not call.get("sql"):
                raise util.CommandError("Range revision not allowed")
            start, target = target.split(":", 1)
            if start in ("", "base") and revs == self.directory._upgrade_revs:
                rows = ()
            else:
                found = self.directory.get_revision(start)
                rows = () if found is None else (found.revision,)
        steps = revs(target, rows)
        return self._run(steps, rows, lambda s: {"revision": s.revision.revision})

    def _upgrade(self, call):
        return self._plan(call, self.directory._upgrade_revs)

    def _downgrade(self, call):
        return self._plan(call, self.directory._downgrade_revs)

    def _stamp(self, call):
        rows = () if call.get("purge") else tuple(call["rows"])
        steps = self.directory._stamp_revs(tuple(call["targets"]), rows)
        wanted = [_rid(r) for r in self.directory.get_revisions(tuple(call["targets"]))]
        out = self._run(
            steps, rows, lambda s: {"from": list(s.from_revisions), "to": list(s.to_revisions)}
        )
        out["wanted"] = wanted
        return out

    def _revision(self, call):
        directory = self._load()  # it would be changed
        with contextlib.redirect_stdout(io.StringIO()):
            script = directory.generate_revision(
                call["id"],
                "m",
                refresh=True,
                head=tuple(call["heads"]),
                splice=call.get("splice", False),
                branch_labels=tuple(call.get("labels") or ()) or None,
                depends_on=tuple(call.get("depends_on") or ()) or None,
            )
        os.unlink(script.path)
        return {
            "revision": script.revision,
            "down_revision": list(util.to_tuple(script.down_revision, ())),
            "branch_labels": sorted(script._orig_branch_labels),
            "depends_on": list(util.to_tuple(script.dependencies, ())),
        }

    _merge = _revision

    def _history(self, call):
        if ":" not in call["range"]:
            raise util.CommandError("History range requires [start]:[end], [start]:, or :[end]")
        base, head = call["range"].strip().split(":")
        rows = tuple(call["rows"])
        if head == "current":
            head = rows
        elif base == "current":
            base = rows
        found = self.directory.walk_revisions(base=base or "base", head=head or "heads")
        return {"revisions": [_rid(r) for r in found]}

    def history_set(self, call):
        """What the range covers, before Alembic puts it in order."""
        base, head = call["range"].strip().split(":")
        rows = tuple(call["rows"])
        if head == "current":
            head = rows
        elif base == "current":
            base = rows
        with _refusals():
            found, _ = self.map._collect_upgrade_revisions(
                head or "heads", base or "base", True, False, False
            )
            return {r.revision for r in found}

    def _resolve(self, call):
        spec = call["target"]
        found = self.directory.get_revisions(tuple(call["rows"]) if spec == "current" else spec)
        return {"revisions": [_rid(r) for r in found]}

    def _current(self, call):
        return {"revisions": self.all_current(call["rows"])}

    def _info(self, call):
        m = self.map
        revisions = {r.revision: r for r in m._revision_map.values() if r is not None}
        return {
            "heads": list(m.heads),
            "real_heads": list(m._real_heads),
            "bases": list(m.bases),
            "real_bases": list(m._real_bases),
            "branch_points": [k for k, r in revisions.items() if r.is_branch_point],
            "merge_points": [k for k, r in revisions.items() if r.is_merge_point],
            "labels": {k: sorted(r.branch_labels) for k, r in revisions.items() if r.branch_labels},
            "dependencies": {
                k: list(util.dedupe_tuple(r._resolved_dependencies))
                for k, r in revisions.items()
                if r._resolved_dependencies
            },
            "downs": {k: list(r._normalized_down_revisions) for k, r in revisions.items()},
        }
