"""New tables, what belongs to them, and what reads them."""

import re

from fuzz_make import COMMON, RELATIONS, SERIAL, TYPES, Maker
from fuzz_model import marks, quoted


class TableMaker(Maker):
    # Columns

    def column(self, table, name=None, kind=None):
        kind = kind or self.type(table)
        node = self.model.add("column", name or self.name("c"), parent=table.mark, type=kind)
        self.column_traits(table, node)
        if self.chance(8):
            node["comment"] = self.comment()
        if self.chance(6):
            self.grant(node)
        return node

    def column_traits(self, table, node):
        kind, family = node["type"], self.kind_of(node["type"])
        foreign = table.kind == "foreign_table"
        root = "partition" in table or "inherits" in table
        if self.chance(30):
            self.default(table, node)
        if self.chance(25):
            node["notnull"] = True
        if not foreign and not root and "default" not in node:
            if family == "int" and self.chance(15):
                node["identity"], node["notnull"] = self.pick(["ALWAYS", "BY DEFAULT"]), True
                if self.chance(40):
                    node["identity_options"] = " ".join(self.sequence_options())
            elif kind in ("integer", "bigint") and self.chance(10):
                node["type"], node["notnull"] = {"integer": "serial", "bigint": "bigserial"}[kind], True
            elif self.chance(12):
                self.generated(table, node)
        if family == "text" and self.chance(12):
            collations = [c for c in self.model.of("collation") if "deterministic" not in c["options"]]
            node["collate"] = self.pick(collations).mark if collations and self.chance(50) else self.pick(['"C"', '"POSIX"'])
        if not foreign and kind in ("text", "jsonb", "bytea", "integer[]", "text[]"):
            if self.chance(12):
                node["storage"] = self.pick(["PLAIN", "EXTERNAL", "MAIN"])
            if self.chance(8):
                node["compression"] = "pglz"
        if self.chance(5):
            node["statistics"] = self.rng.randint(0, 1000)
        if self.chance(4):
            node["n_distinct"] = self.pick(["-0.5", "100"])

    def default(self, table, node):
        family = self.kind_of(node["type"])
        value = self.value(node["type"])
        sequences = [s for s in self.model.of("sequence") if "owner" not in s]
        if family == "int" and sequences and self.chance(30):
            value = "nextval('%s'::regclass)" % self.pick(sequences).mark.replace("»", "!»")
        elif family in ("int", "text") and self.chance(20):
            functions = self.scalars({"int": "integer", "text": "text"}[family], table)
            if functions:
                value = "%s(%s)" % (self.pick(functions).mark, {"int": "1", "text": "'a'"}[family])
        if value:
            node["default"] = value

    def generated(self, table, node):
        family = self.kind_of(node["type"])
        others = [c for c in self.model.columns(table) if c.id != node.id and "generated" not in c and c["type"] in TYPES]
        same = [c for c in others if c["type"] == {"int": "integer", "text": "text"}.get(family)]
        if node["type"] not in ("integer", "text") or not same:
            return
        other = self.pick(same).mark
        functions = self.scalars(node["type"], table)
        if functions and self.chance(40):
            node["generated"] = "%s(%s)" % (self.pick(functions).mark, other)
        else:
            node["generated"] = {"int": "%s * %d" % (other, self.rng.randint(2, 9)), "text": "upper(%s)" % other}[family]
        node["typed"] = True

    # Tables

    def table(self):
        shape = self.rng.random()
        if shape < 0.15:
            return self.partitioned()
        tables = [t for t in self.model.of("table") if "partition" not in t and "of" not in t]
        parents = []
        if shape < 0.27 and tables:
            parents = self.some(tables, 2)
            names = [c["name"] for p in parents for c in self.model.columns(p)]
            if len(set(names)) < len(names) or {p.mark for p in parents} & {m for p in parents for m in p.get("inherits", [])}:
                parents = parents[:1]
        node = self.add("table", "t", inherits=[p.mark for p in parents])
        if self.chance(6) and not any("unlogged" in p for p in parents):
            node["unlogged"] = True
        for _ in range(self.rng.randint(0 if parents else 1, 5)):
            self.column(node)
        if parents and self.chance(30):
            # its own word on a column that it also has from a parent
            column = self.pick(self.model.columns(parents[0]) or [None])
            if column and not {"generated", "identity"} & set(column) and "serial" not in column["type"]:
                again = self.model.add("column", column["name"], parent=node.mark, type=column["type"], collate=column.get("collate"),
                                       notnull=True, twin=column.mark)
                self.default(node, again)
        if self.chance(10):
            node["options"] = self.some(["fillfactor = %d" % self.rng.randint(10, 100), "autovacuum_enabled = false",
                                         "toast.autovacuum_enabled = false", "parallel_workers = 2"], 2)
        if self.chance(7):
            node["replica_identity"] = "REPLICA IDENTITY " + self.pick(["FULL", "NOTHING"])
        if self.chance(10):
            node["row_security"] = "ENABLE ROW LEVEL SECURITY"
        if self.chance(4):
            node["force_row_security"] = "FORCE ROW LEVEL SECURITY"
        for adder, percent in ((self.key, 45), (self.check, 20), (self.index, 25)):
            if self.chance(percent):
                adder(node)
        return node

    def partitioned(self):
        node = self.add("table", "pt", owner=None)
        strategy = self.pick(["RANGE", "LIST", "HASH"])
        key = self.model.add("column", self.name("k"), parent=node.mark, type=self.pick(["integer", "bigint"]), notnull=self.chance(50),
                             key=True)
        for _ in range(self.rng.randint(1, 3)):
            self.column(node)
        node["partition"] = "%s (%s)" % (strategy, key.mark)
        for _ in range(self.rng.randint(0, 3)):
            self.partition(node)
        if self.chance(40):
            self.key(node)
        if self.chance(40):
            self.index(node)
        return node

    def partitions(self, table):
        return [t for t in self.model.of("table") if t.get("of") == table.mark]

    def bound(self, table):
        """A bound that is still free, or None."""
        taken = {t.get("bound") for t in self.partitions(table)}
        strategy = table["partition"].split()[0]
        at = self.rng.randint(0, 20)
        if strategy == "HASH":
            bound = "FOR VALUES WITH (MODULUS 8, REMAINDER %d)" % (at % 8)
        elif self.chance(15):
            bound = "DEFAULT"
        elif strategy == "LIST":
            bound = "FOR VALUES IN (%s)" % (at if at else "0, NULL")
        else:
            bound = "FOR VALUES FROM (%d) TO (%d)" % (at * 10, at * 10 + 10)
        return None if bound in taken else bound

    def partition(self, table=None, deep=True):
        tables = [t for t in self.model.of("table") if "partition" in t]
        table = table or (self.pick(tables) if tables else None)
        bound = table and self.bound(table)
        if not bound:
            return None
        node = self.add("table", "p", of=table.mark, bound=bound)
        if deep and "of" not in table and self.chance(20):
            node["partition"] = "%s (%s)" % (self.pick(["HASH", "RANGE"]), self.root_key(table).mark)
            self.partition(node, deep=False)
        elif self.chance(15):
            node["options"] = ["fillfactor = 50"]
        return node

    def root_key(self, table):
        while "of" in table:
            table = self.model.at(table["of"])
        return next(c for c in self.model.columns(table) if "key" in c)

    # Constraints, indexes

    def plain_table(self, *kinds):
        tables = self.model.of(*(kinds or ("table",)))
        return self.pick(tables) if tables else None

    def key(self, table=None):
        table = table or self.plain_table()
        columns = table and self.comparable(self.model.columns(table))
        if not columns or "of" in table:
            return None
        chosen = self.some(columns, 3)
        if "partition" in table:
            keys = {self.root_key(table).mark} | {self.root_key(t).mark for t in self.partitions(table) if "partition" in t}
            chosen = [c for c in columns if c.mark in keys] + [c for c in chosen if c.mark not in keys]
        had = any(n.get("primary") and n.get("parent") == table.mark for n in self.model.of("constraint"))
        names = ", ".join(c.mark for c in chosen)
        tail, rest = [], [c for c in columns if c not in chosen and "generated" not in c]
        if rest and self.chance(15):
            tail.append("INCLUDE (%s)" % self.pick(rest).mark)
        if self.chance(10):
            tail.append("WITH (fillfactor = 70)")
        if self.chance(15):
            tail.append(self.pick(["DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"]))
        if not had and self.chance(60):
            return self.add("constraint", "pk", parent=table.mark, primary=True, columns=[c.mark for c in chosen],
                            definition="PRIMARY KEY (%s)" % names, tail=tail)
        nulls = "NULLS NOT DISTINCT " if self.chance(25) else ""
        return self.add("constraint", "uq", parent=table.mark, columns=[c.mark for c in chosen],
                        definition="UNIQUE %s(%s)" % (nulls, names), tail=tail)

    def condition(self, table, typed=True):
        """A condition on a row, and whether it binds the types of what it names."""
        columns = [c for c in self.model.columns(table) if "generated" not in c] or self.model.columns(table)
        if not columns:
            return "true", False
        column = self.pick(columns)
        family = self.kind_of(column["type"])
        if typed and family in ("int", "num") and self.chance(60):
            functions = self.scalars("integer", table) if column["type"] == "integer" else []
            if functions and self.chance(30):
                return "%s(%s) > 0" % (self.pick(functions).mark, column.mark), True
            return self.pick(["%s > %d", "%s <> %d", "%s BETWEEN 0 AND %d"]) % (column.mark, self.rng.randint(10, 99)), True
        if typed and family == "text" and self.chance(60):
            return self.pick(["length(%s) < %d", "%s <> '%d'", "%s IN ('a', 'b%d')", "%s ~ '^%d'"]) % (column.mark, self.rng.randint(10, 99)), True
        return "%s IS NOT NULL%s" % (column.mark, self.pick(["", " OR %d > 1" % self.rng.randint(2, 9)])), False

    def check(self, table=None):
        table = table or self.plain_table("table", "table", "foreign_table")
        if not table or "of" in table:
            return None
        condition, typed = self.condition(table)
        tail = []
        if "partition" not in table and self.chance(15):
            tail.append("NO INHERIT")
        if self.chance(15):
            tail.append("NOT VALID")
        return self.add("constraint", "ck", parent=table.mark, definition="CHECK (%s)" % condition, typed=typed, tail=tail)

    def foreign_key(self):
        keys = [n for n in self.model.of("constraint") if n.get("columns") and not any("DEFERRABLE" in w for w in n.get("tail", []))]
        tables = [t for t in self.model.of("table") if "of" not in t]
        if not keys or not tables:
            return None
        key, table = self.pick(keys), self.pick(tables)
        target = self.model.at(key["parent"])
        if ("unlogged" in target) != ("unlogged" in table):
            return None
        if any(self.kind_of(self.model.at(c)["type"]) == "array" for c in key["columns"]):
            return None  # the check of such keys fails in PostgreSQL where the types differ in length
        columns = []
        for mark in key["columns"]:
            wanted = SERIAL.get(self.model.at(mark)["type"], self.model.at(mark)["type"])
            if any(self.model.depends(self.model.nodes[n], table) for n in marks(wanted)):
                return None
            same = [c for c in self.model.columns(table) if c["type"] == wanted and c not in columns and "generated" not in c]
            columns.append(self.pick(same) if same and self.chance(50) else
                           self.model.add("column", self.name("r"), parent=table.mark, type=wanted))
        names = ", ".join(c.mark for c in columns)
        text = "FOREIGN KEY (%s) REFERENCES %s (%s)" % (names, target.mark, ", ".join(key["columns"]))
        tail = [word + self.pick(["CASCADE", "RESTRICT", "NO ACTION"] + ["SET NULL"] * 2)
                for word in ("ON DELETE ", "ON UPDATE ") if self.chance(35)]
        if self.chance(15):
            tail.insert(0, "MATCH FULL")
        if self.chance(20):
            tail.append(self.pick(["DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"]))
        if self.chance(12) and "partition" not in table:
            tail.append("NOT VALID")
        return self.add("constraint", "fk", parent=table.mark, definition=text, tail=tail, key=key.mark, typed=True)

    def exclusion(self):
        found = [(t, c) for t in self.model.of("table") if "partition" not in t and "of" not in t for c in self.model.columns(t)
                 if c["type"] in ("int4range", "tstzrange", "integer", "bigint", "text")]
        if not found:
            return None
        table, column = self.pick(found)
        how = "USING gist (%s WITH &&)" if "range" in column["type"] else "USING %s (%%s WITH =)" % self.pick(["btree", "hash"])
        where = " WHERE (%s)" % self.condition(table, typed=False)[0] if self.chance(30) else ""
        return self.add("constraint", "ex", parent=table.mark, definition="EXCLUDE " + how % column.mark + where, typed=True)

    def index(self, table=None):
        table = table or self.plain_table()
        columns = table and self.comparable(self.model.columns(table))
        if not columns:
            return None
        node = self.add("index", "ix", parent=table.mark, schema=table["schema"])
        shape = self.pick(["plain"] * 5 + ["expression"] * 2 + ["method", "opclass"])
        column = self.pick(columns)
        if shape == "expression":
            node["keys"], node["typed"] = [self.expression(table, columns)], True
        elif shape == "method":
            methods = {"int": ["brin", "hash"], "jsonb": ["gin"], "array": ["gin"], "tsvector": ["gin", "gist"], "text": ["hash", "spgist"],
                       "range": ["gist"]}
            method = self.pick(methods.get(self.kind_of(column["type"]), ["hash"]))
            if self.kind_of(column["type"]) in methods and not (column["type"].startswith("«")):
                node["method"], node["typed"] = method, True
            node["keys"] = [column.mark]
        elif shape == "opclass" and column["type"] in ("text", "character varying"):
            node["keys"], node["typed"] = [column.mark + " text_pattern_ops"], True
            if "partition" not in table and self.chance(50) and any(n["name"] == "pg_trgm" for n in self.model.of("extension")):
                extension = next(n for n in self.model.of("extension") if n["name"] == "pg_trgm")
                node["method"], node["keys"] = "gin", ["%s «%d.gin_trgm_ops»" % (column.mark, extension.id)]
        else:
            chosen = self.some(columns, 3)
            node["keys"] = [c.mark + self.pick(["", "", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"]) for c in chosen]
            if self.chance(25) and "partition" not in table and "of" not in table:
                node["unique"] = True
                if self.chance(30):
                    node["nulls"] = True
            rest = [c for c in columns if c not in chosen and "generated" not in c]
            if rest and self.chance(15):
                node["include"] = self.pick(rest).mark
            if self.chance(10):
                node["options"] = ["fillfactor = %d" % self.rng.randint(10, 100)]
            if self.chance(8) and "where" not in node and table.kind == "table" and "partition" not in table and not any(
                    "cluster" in n and n["parent"] == table.mark for n in self.model.of("index")):
                node["cluster"] = True
        if self.chance(15):
            node["where"], typed = self.condition(table)
            node.pop("cluster", None)
            if typed:
                node["typed"] = True
        return node

    def expression(self, table, columns):
        column = self.pick(columns)
        family = self.kind_of(column["type"])
        if family in ("int", "text") and column["type"] in ("integer", "text"):
            functions = self.scalars(column["type"], table)
            if functions and self.chance(50):
                return "%s(%s)" % (self.pick(functions).mark, column.mark)
        return {"int": "(%s + 1)", "text": "lower(%s)", "num": "abs(%s)"}.get(family, "(%s IS NULL)") % column.mark

    def statistics(self):
        table = self.plain_table()
        columns = table and self.comparable(self.model.columns(table))
        if not columns or len(columns) < 2:
            return None
        kinds = self.pick(["", " (ndistinct)", " (ndistinct, dependencies)", " (mcv)"])
        keys = [c.mark for c in self.rng.sample(columns, 2)]
        if self.chance(25):
            keys, kinds = [keys[0], "(%s IS NULL)" % keys[1]], ""
        return self.add("statistics", "st", parent=table.mark, schema=self.schema(), keys=keys, kinds=kinds or None,
                        target=self.rng.randint(0, 500) if self.chance(25) else None)

    # Triggers, rules, policies

    def trigger(self):
        table = self.plain_table()
        if not table or "of" in table:
            return None
        columns = self.comparable([c for c in self.model.columns(table) if "generated" not in c])
        events = self.some(["INSERT", "UPDATE", "DELETE"])
        node = self.add("trigger", "tr", parent=table.mark, function=self.trigger_function().mark, level="ROW",
                        timing=self.pick(["AFTER", "BEFORE"]), arguments=self.pick([None, None, "'a', 'it''s'"]))
        if "partition" in table:
            node["timing"] = "AFTER"
        shape = self.rng.random()
        if shape < 0.15 and "inherits" not in table and "partition" not in table:
            node["timing"], events = "AFTER", [events[0]]
            node["referencing"] = "REFERENCING" + {"INSERT": "", "UPDATE": " OLD TABLE AS o", "DELETE": " OLD TABLE AS o"}[events[0]] + \
                {"INSERT": " NEW TABLE AS n", "UPDATE": " NEW TABLE AS n", "DELETE": ""}[events[0]]
            node["level"] = "STATEMENT"
        elif shape < 0.3:
            node["level"] = "STATEMENT"
        elif shape < 0.45:
            node["timing"], node["constraint"] = "AFTER", self.pick(["DEFERRABLE", "NOT DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"])
        if node["level"] == "ROW" and columns and self.chance(35):
            column = self.pick(columns)
            if events == ["UPDATE"]:
                node["when"], node["typed"] = "OLD.%s IS DISTINCT FROM NEW.%s" % (column.mark, column.mark), True
            elif "DELETE" not in events:
                node["when"] = "NEW.%s IS NOT NULL" % column.mark
        if columns and "UPDATE" in events and "referencing" not in node and self.chance(30):
            events[events.index("UPDATE")] = "UPDATE OF " + ", ".join(c.mark for c in self.some(columns, 2))
        node["events"] = " OR ".join(events)
        if self.chance(15) and "partition" not in table:
            node["state"] = self.pick(["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"])
        return node

    def rule(self):
        table = self.plain_table()
        if not table or "of" in table:
            return None
        event = self.pick(["INSERT", "UPDATE", "DELETE"])
        columns = self.model.columns(table)
        where = "%s.%s IS NULL" % ("NEW" if event == "INSERT" else "OLD", self.pick(columns).mark) if columns and self.chance(40) else None
        return self.add("rule", "ru", parent=table.mark, event=event, where=where, state="DISABLE" if self.chance(12) else None,
                        action=self.pick(["INSTEAD NOTHING", "ALSO NOTHING"] + ["ALSO NOTIFY fuzz"] * (not where)))

    def policy(self):
        table = self.plain_table()
        if not table:
            return None
        command = self.pick([None, "ALL", "SELECT", "INSERT", "UPDATE", "DELETE"])
        condition, typed = self.condition(table)
        return self.add("policy", "po", parent=table.mark, command=command, permissive=" AS RESTRICTIVE" if self.chance(25) else None,
                        roles=self.pick([None, "bench_r1", "bench_r1, bench_r2", "CURRENT_USER"]), typed=typed,
                        using=None if command == "INSERT" else condition,
                        check=condition if command in ("INSERT", "ALL", "UPDATE") and self.chance(70) else None)

    # Views

    def view(self):
        return self.add("view", "v", **self.query("view"))

    def matview(self):
        node = self.add("matview", "m", **self.query("matview"))
        node.pop("check", None)
        if self.chance(40):
            self.model.add("index", self.name("mi"), parent=node.mark, schema=node["schema"], keys=[quoted(node["items"][0][0])])
        return node

    def outputs(self, relation):
        """What a query can take from a relation: expressions that hold whatever their types are."""
        if relation.kind in ("view", "matview"):
            return [quoted(alias) for alias, _ in relation["items"]]
        return [c.mark for c in self.model.columns(relation)]

    def query(self, kind, unit=None):
        found = [n for n in self.model.of(*RELATIONS) if unit is None or not self.model.depends(n, unit)]
        if kind == "matview":  # is filled at once
            empty = {n for m in self.model.of("foreign_table") + [v for v in self.model.of("matview") if "empty" in v]
                     for n in self.model.dependants(m.id)}
            found = [n for n in found if n.id not in empty]
        sources = self.some(found, 2) if found and self.chance(90) else []
        items, names = [], set()
        parts = ["%s AS q%d" % (n.mark, i) for i, n in enumerate(sources)]

        def item(expression, alias=None):
            alias = alias or "x%d" % (len(items) + 1)
            if alias not in names:
                names.add(alias)
                items.append([alias, expression])

        item(self.pick(["1", "count(*)" if not sources else "2", "NULL::text"]))
        for i, relation in enumerate(sources):
            for output in self.some(self.outputs(relation) or ["1"], 3):
                reference = output if output == "1" else "q%d.%s" % (i, output)
                item(self.pick([reference] * 5 + [reference + " IS NULL", "CASE WHEN %s IS NULL THEN 1 ELSE 2 END" % reference]),
                     self.name("o") if self.chance(25) else None)
        functions = self.scalars("integer", unit)
        if functions and self.chance(35):
            item("%s(%d)" % (self.pick(functions).mark, self.rng.randint(1, 9)))
        values = {"items": items, "from": " CROSS JOIN ".join(parts) or "generate_series(1, 2) AS g"}
        if sources and self.chance(35):
            output = self.pick(self.outputs(sources[0]) or ["ctid" if sources[0].kind == "table" else "1"])
            values["rest"] = " WHERE %s IS NOT NULL" % (output if output == "1" else "q0." + output)
        elif self.chance(15):
            values["rest"] = " LIMIT %d" % self.rng.randint(1, 99)
        if kind == "view" and self.chance(20):
            values["options"] = self.some(["security_barrier = true", "security_invoker = true"], 2)
        if kind == "matview" and self.chance(15):
            values["options"] = ["fillfactor = 60"]
        if kind == "matview":
            values["empty"] = unit is None and self.chance(20)
        if self.chance(12):
            values["column_comments"] = [[items[0][0], self.comment()]]
        if kind == "view" and sources and len(sources) == 1 and sources[0].kind == "table" and "rest" in values and "WHERE" in values["rest"] \
                and any(re.fullmatch(r"q0\.\S+", e) for _, e in items) and self.chance(40):
            values["check"] = self.pick([" WITH LOCAL CHECK OPTION", " WITH CASCADED CHECK OPTION"])
        return values

    def foreign_table(self):
        servers = self.model.of("server")
        server = self.pick(servers) if servers else self.server()
        remote = self.model.at(server["wrapper"])["name"] == "postgres_fdw"
        node = self.add("foreign_table", "ft", server=server.mark, options="table_name 't%d'" % self.rng.randint(1, 9) if remote else
                        "filename '/dev/null', format 'csv'")
        for _ in range(self.rng.randint(1, 3)):
            self.column(node, kind=self.pick(COMMON))
        return node

    KINDS = {
        "table": 26, "view": 12, "matview": 5, "function": 10, "index": 8, "key": 4, "check": 5, "foreign_key": 7, "enum": 5, "domain": 4,
        "composite": 3, "range": 2, "sequence": 3, "owned": 2, "trigger": 5, "policy": 3, "rule": 2, "statistics": 2, "exclusion": 2,
        "partition": 3, "schema_": 4, "extension": 2, "procedure": 1, "aggregate": 1, "operator": 1, "cast": 1, "event_trigger": 1,
        "publication": 2, "server": 1, "foreign_table": 1, "user_mapping": 1, "default_privileges": 2, "collation": 1, "text_config": 1,
        "text_dictionary": 1,
    }

    def anything(self):
        kinds = list(self.KINDS)
        return getattr(self, self.rng.choices(kinds, [self.KINDS[k] for k in kinds])[0])()

    def fill(self, count):
        start = len([n for n in self.model.nodes.values() if n.kind != "column"])
        for _ in range(count * 3):
            self.anything()
            if len([n for n in self.model.nodes.values() if n.kind != "column"]) - start >= count:
                break
