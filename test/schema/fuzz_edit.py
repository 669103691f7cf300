"""Random edits of a model that leave it a valid schema."""

from fuzz_make import SERIAL, TYPES
from fuzz_make_table import TableMaker
from fuzz_model import HAS_OWNER, PRIVILEGES, ROLES, marks

# Edits of a kind besides those that every kind has
EDITS = {
    "column": ["type", "type", "notnull", "default", "default", "identity", "generated", "storage", "statistics", "collate", "rename", "compression"],
    "table": ["add_column", "add_column", "flags", "logged", "detach", "rebound", "disinherit", "schema_change", "options", "inherit"],
    "foreign_table": ["add_column", "foreign_options"],
    "enum": ["labels", "labels", "labels"], "domain": ["domain_default", "domain_check_add", "notnull"], "composite": ["attribute"],
    "sequence": ["sequence_change"], "function": ["body", "traits", "argument", "volatility", "schema_change", "language"],
    "procedure": ["body", "traits"], "view": ["query_change", "append", "view_options", "expression_change"],
    "matview": ["query_change", "view_options"], "index": ["remake"], "constraint": ["tail", "redefine"], "trigger": ["state", "timing"],
    "policy": ["policy_change"], "rule": ["rule_change"], "statistics": ["target"], "publication": ["remake"], "event_trigger": ["state"],
    "server": ["server_options"], "aggregate": ["initcond"], "extension": ["schema_change"], "collation": [], "text_config": ["mapping"],
    "text_dictionary": ["accept"], "operator": [], "cast": ["context"], "range": [], "schema": [], "user_mapping": [], "owned": [],
    "default_privileges": [],
}


class Editor(TableMaker):
    def edit(self, count):
        """Makes that many edits; what they were."""
        made = []
        for _ in range(count * 20):
            if len(made) >= count:
                break
            what = self.one()
            if what:
                made.append(what)
        return made

    def one(self):
        shape = self.rng.random()
        if shape < 0.25:
            node = self.anything()
            return node and "add %s %s" % (node.kind, node["name"])
        nodes = [n for n in self.model.nodes.values() if n.id != self.model.public.id]
        if not nodes:
            return None
        node = self.pick(nodes)
        if shape < 0.42:
            return self.drop(node)
        edits = EDITS[node.kind] + ["comment"] * (node.kind not in ("owned", "user_mapping", "default_privileges"))
        edits += ["owner"] * (node.kind in HAS_OWNER) + ["grants"] * (node.kind in PRIVILEGES)
        if not edits:
            return None
        edit = self.pick(edits)
        return getattr(self, "edit_" + edit)(node) and "%s of %s %s" % (edit, node.kind, node["name"])

    def drop(self, node):
        if "key" in node or any("key" in self.model.nodes[n] and node.kind != "table" for n in self.model.dependants(node.id)):
            return None
        # the views on a column can do without it
        if node.kind == "column" and self.chance(60):
            for user in self.model.direct_users(node):
                if user.kind in ("view", "matview") and user.id in self.model.nodes:
                    self.requery(user, without=node)
        gone = self.model.dependants(node.id)
        if len(gone) > max(4, len(self.model.nodes) // 4):
            return None
        self.model.drop(node.id)
        return "drop %s %s and %d more" % (node.kind, node["name"], len(gone) - 1)

    # Of any kind

    def toggle(self, node, key, value=True, percent=50):
        if key in node and (value in (None, True, node[key]) or self.chance(percent)):
            del node[key]
        else:
            node[key] = value
        return True

    def edit_comment(self, node):
        return self.toggle(node, "comment", self.comment())

    def edit_owner(self, node):
        if node.kind == "sequence" and any(node.id in self.needs(n) for n in self.model.of("owned", "column")):
            return False
        if node.kind == "table" and self.model.of("owned"):
            return False
        return self.toggle(node, "owner", self.pick(ROLES))

    def needs(self, node):
        return {n for n in self.model.nodes if node in self.model.direct_users(self.model.nodes[n])}

    def edit_grants(self, node):
        if node.get("grants") and self.chance(50):
            node["grants"] = node["grants"][1:]
        else:
            self.grant(node)
        return True

    def edit_schema_change(self, node):
        if self.model.of("owned"):
            return False
        schema = self.pick(self.model.of("schema")).mark
        if schema == node.get("schema"):
            return False
        node["schema"] = schema
        for index in self.model.of("index"):  # is where its table is
            if index["parent"] == node.mark:
                index["schema"] = schema
        return True

    def edit_remake(self, node):
        """The same name for another thing."""
        maker = {"index": lambda: self.index(self.model.at(node["parent"])) if self.model.at(node["parent"]).kind == "table" else None,
                 "publication": self.publication}[node.kind]
        new = maker()
        if not new:
            return False
        del self.model.nodes[new.id]
        keep = {key: node[key] for key in ("name", "schema") if key in node}
        node.clear()
        node.update({**new, **keep})
        return True

    # Columns

    def edit_type(self, node):
        if {"key", "twin", "generated", "identity"} & set(node) or node["type"] in SERIAL:
            return False
        users = self.model.direct_users(node)
        if any(u.kind == "column" or u.get("twin") for u in users):
            return False
        table = self.model.at(node["parent"])
        family = self.kind_of(node["type"])
        if table.kind == "foreign_table" or any(u.kind in ("owned",) for u in users):
            return False
        if any(u.get("typed") for u in users) or any(u.kind in ("constraint", "index", "statistics", "trigger") for u in users):
            if family not in ("int", "text", "num", "time") or any("FOREIGN" in u.get("definition", "") for u in users) and family != "int":
                return False
            kind = self.type(classes=[family])
        else:
            kind = self.type(table)
        if kind == node["type"] or self.kind_of(kind) == "none" and users:
            return False
        node["type"] = kind
        if self.kind_of(kind) != family:
            for key in ("default", "collate", "storage", "compression"):
                node.pop(key, None)
            if self.chance(30):
                self.default(table, node)
        for key in ("storage", "compression"):
            node.pop(key, None)
        return True

    def edit_notnull(self, node):
        if "identity" in node or node.get("type") in SERIAL or "twin" in node or "generated" in node:
            return False
        return self.toggle(node, "notnull")

    def edit_default(self, node):
        if {"identity", "generated"} & set(node) or node["type"] in SERIAL:
            return False
        if "default" in node and self.chance(50):
            del node["default"]
            return True
        old = node.get("default")
        self.default(self.model.at(node["parent"]), node)
        return node.get("default") != old

    def edit_identity(self, node):
        table = self.model.at(node["parent"])
        if self.kind_of(node["type"]) != "int" or node["type"] in SERIAL or {"default", "generated", "twin"} & set(node) or \
                table.kind == "foreign_table" or "partition" in table or "inherits" in table or "key" in node:
            return False
        if "identity" in node and self.chance(40):
            node.pop("identity_options", None)
            del node["identity"]
        else:
            node["identity"], node["notnull"] = self.pick(["ALWAYS", "BY DEFAULT"]), True
            self.toggle(node, "identity_options", " ".join(self.sequence_options()))
        return True

    def edit_generated(self, node):
        table = self.model.at(node["parent"])
        if "generated" in node and self.chance(40):
            del node["generated"]
            return True
        if table.kind == "foreign_table" or {"default", "identity", "key", "twin"} & set(node) or "partition" in table or "inherits" in table:
            return False
        # what is made from this one, or needs it to be plain, does not bear it
        if any(u.kind in ("column", "constraint", "trigger", "publication", "owned") for u in self.model.direct_users(node)) and "generated" not in node:
            return False
        old = node.get("generated")
        self.generated(table, node)
        return node.get("generated") != old

    def edit_storage(self, node):
        if self.model.at(node["parent"]).kind == "foreign_table" or node["type"] not in ("text", "jsonb", "bytea"):
            return False
        return self.toggle(node, "storage", self.pick(["PLAIN", "EXTERNAL", "MAIN"]))

    def edit_compression(self, node):
        if self.model.at(node["parent"]).kind == "foreign_table" or node["type"] not in ("text", "jsonb", "bytea"):
            return False
        return self.toggle(node, "compression", "pglz")

    def edit_statistics(self, node):
        return self.toggle(node, "statistics", self.rng.randint(0, 1000))

    def edit_collate(self, node):
        if self.kind_of(node["type"]) != "text" or "twin" in node or self.model.users(node):
            return False
        return self.toggle(node, "collate", self.pick(['"C"', '"POSIX"', '"ucs_basic"']))

    def edit_rename(self, node):
        if "twin" in node or "key" in node or any("twin" in u for u in self.model.direct_users(node)):
            return False
        node["name"] = self.name("c")
        return True

    # Tables

    def edit_add_column(self, node):
        if "of" in node:
            return False
        if node.kind == "foreign_table":
            return bool(self.column(node, kind="integer"))
        return bool(self.column(node))

    def edit_flags(self, node):
        key, value = self.pick([("row_security", "ENABLE ROW LEVEL SECURITY"), ("force_row_security", "FORCE ROW LEVEL SECURITY"),
                                ("replica_identity", "REPLICA IDENTITY " + self.pick(["FULL", "NOTHING"]))])
        return self.toggle(node, key, value)

    def edit_logged(self, node):
        users = self.model.direct_users(node)
        if {"partition", "of", "inherits"} & set(node) or any("FOREIGN" in u.get("definition", "") or u.kind in ("publication", "owned", "table") for u in users) \
                or any("FOREIGN" in u.get("definition", "") for u in self.model.users(node)):
            return False
        return self.toggle(node, "unlogged")

    def edit_options(self, node):
        if "partition" in node:
            return False
        return self.toggle(node, "options", self.some(["fillfactor = %d" % self.rng.randint(10, 100), "autovacuum_enabled = false"], 2))

    def take_columns(self, node, parent):
        """What a table had from its parent becomes its own."""
        had = {c["name"] for c in self.model.columns(node, False)}
        for column in self.model.columns(parent):
            if column["name"] in had:
                continue
            values = {k: v for k, v in column.items() if k not in ("parent", "key", "twin", "identity", "identity_options", "comment", "grants", "name")}
            values["type"] = SERIAL.get(values["type"], values["type"])
            new = self.model.add("column", column["name"], parent=node.mark, **values)
            if "key" in column and "partition" in node:
                new["key"] = True

    def edit_detach(self, node):
        if "of" not in node:
            return False
        self.take_columns(node, self.model.at(node["of"]))
        if "partition" in node:
            old = self.root_key(self.model.at(node["of"]))
            key = next(c for c in self.model.columns(node, False) if c["name"] == old["name"])
            key["key"] = True
            node["partition"] = node["partition"].replace(old.mark, key.mark)
        del node["of"], node["bound"]
        return True

    def edit_rebound(self, node):
        if "of" not in node:
            return False
        bound = self.bound(self.model.at(node["of"]))
        if bound:
            node["bound"] = bound
        return bool(bound)

    def edit_disinherit(self, node):
        if "inherits" not in node:
            return False
        for parent in node.pop("inherits"):
            self.take_columns(node, self.model.at(parent))
        for column in self.model.columns(node, False):
            column.pop("twin", None)
        return True

    def edit_inherit(self, node):
        if {"partition", "of", "inherits", "unlogged"} & set(node):
            return False
        names = {c["name"] for c in self.model.columns(node)}
        parents = [t for t in self.model.of("table") if not {"partition", "of", "unlogged"} & set(t) and not self.model.depends(t, node)
                   and not names & {c["name"] for c in self.model.columns(t)}]
        if not parents or any("inherits" in t and node.mark in t["inherits"] for t in self.model.of("table")):
            return False
        node["inherits"] = [self.pick(parents).mark]
        return True

    def edit_foreign_options(self, node):
        if "table_name" not in node["options"]:
            return False
        node["options"] = "table_name 'other%d', schema_name 's'" % self.rng.randint(1, 99)
        return True

    # Types and sequences

    def edit_labels(self, node):
        labels = node["labels"]
        shape = self.pick(["add", "add", "remove", "shuffle"])
        if shape == "add":
            labels.insert(self.rng.randint(0, len(labels)), "new %d" % self.rng.randint(100, 999))
        elif shape == "remove" and len(labels) > 1:
            labels.remove(self.pick(labels))
        else:
            self.rng.shuffle(labels)
        for user in self.model.direct_users(node):
            if "default" in user and node.mark in user["default"]:
                user["default"] = self.value(node.mark)
        for function in self.model.of("function", "procedure"):
            for arg in function.get("args", []):
                if arg[3] and node.mark in arg[3]:
                    arg[3] = self.value(node.mark)
        return True

    def edit_domain_default(self, node):
        return self.toggle(node, "default", self.value(node["type"]) or "NULL")

    def edit_domain_check_add(self, node):
        return bool(self.domain_check(node))

    def edit_attribute(self, node):
        attributes = node["attributes"]
        shape = self.pick(["add", "drop", "type"])
        if shape == "add":
            attributes.append(["n%d" % self.model.next, self.type(node)])
            self.model.next += 1
        elif shape == "drop" and len(attributes) > 1:
            attributes.pop(self.rng.randrange(len(attributes)))
        else:
            self.pick(attributes)[1] = self.type(node)
        return True

    def edit_sequence_change(self, node):
        node["options"] = self.sequence_options()
        if self.chance(25):
            self.toggle(node, "type", self.pick(["integer", "bigint"]))
        return True

    # Routines

    def edit_body(self, node):
        if node["body"].startswith("BEGIN RETURN") and node.get("returns") == "trigger":
            node["body"] = "BEGIN RAISE NOTICE '%d'; RETURN NEW; END" % self.rng.randint(1, 99)
        elif "scalar" in node and node.get("language") != "plpgsql":
            node["body"] = "SELECT COALESCE($1, NULL::%s) AS v" % node["scalar"]
        elif node.get("language", "sql") == "sql" and (node.kind == "procedure" or node.get("returns") == "integer"):
            node["body"] = "SELECT %d" % self.rng.randint(10, 99)
        else:
            return False
        return True

    def edit_language(self, node):
        if "scalar" not in node:
            return False
        node.pop("atomic", None)
        plain = node.get("language") == "plpgsql"
        node["language"], node["body"] = ("sql", "SELECT $1") if plain else ("plpgsql", "BEGIN RETURN $1; END")
        return True

    def edit_traits(self, node):
        for key in ("strict", "security", "parallel", "cost", "set", "leakproof"):
            node.pop(key, None)
        if node.kind == "procedure":
            return self.toggle(node, "security", "SECURITY DEFINER")
        self.routine_traits(node)
        return True

    def edit_volatility(self, node):
        if self.model.users(node):
            return False
        return self.toggle(node, "volatility", self.pick(["STABLE", "VOLATILE", "IMMUTABLE"]))

    def edit_argument(self, node):
        arguments = node.get("args", [])
        if "scalar" in node and self.chance(70):
            arguments[0][1] = self.pick(["", "b", "other"])
            return "atomic" not in node
        if node.get("returns") in ("trigger", "event_trigger") or any(a[0] in ("VARIADIC", "OUT") for a in arguments) or "binary" in node:
            return False
        # PostgreSQL prints a parameter without a name beside one with a name as "" (get_parameter()).
        if "atomic" in node and any(not a[1] for a in arguments):
            return False
        if any(u.kind in ("operator", "aggregate", "cast") for u in self.model.direct_users(node)):
            return False
        node["args"] = arguments
        place = len([a for a in arguments if a[0] == "IN"])
        if any(a[3] for a in arguments) or self.model.users(node) or self.chance(50):
            arguments.insert(place, ["IN", "more%d" % self.model.next, "integer", "0"])
        else:
            arguments.insert(place, ["IN", "more%d" % self.model.next, self.type(node), None])
        self.model.next += 1
        return True

    def edit_initcond(self, node):
        return self.toggle(node, "initcond", "INITCOND = '%d'" % self.rng.randint(10, 99))

    # Views

    def requery(self, node, without=None):
        """Another query for a view; views on it that it would break go with their own."""
        for user in self.model.users(node):
            self.model.nodes.pop(user.id, None)
        for _ in range(5):
            query = self.query(node.kind, node)
            if without is None or without.id not in marks(query):
                break
        else:
            return False
        for key in ("items", "from", "rest", "options", "empty", "column_comments", "check"):
            node.pop(key, None)
        node.update({k: v for k, v in query.items() if v not in (None, False)})
        return True

    def edit_query_change(self, node):
        if len(self.model.users(node)) > 4:
            return False
        return self.requery(node)

    def edit_append(self, node):
        node["items"].append(["added%d" % self.model.next, self.pick(["1", "'x'::text", "NULL::integer", "now()"])])
        self.model.next += 1
        return True

    def edit_expression_change(self, node):
        item = self.pick(node["items"])
        if item[1].isdigit():
            item[1] = str(int(item[1]) + 1)
            return True
        return False

    def edit_view_options(self, node):
        return self.toggle(node, "options", ["fillfactor = 80"] if node.kind == "matview" else self.some(
            ["security_barrier = true", "security_invoker = true", "security_barrier = false"], 1))

    # Constraints, triggers, the rest

    def edit_tail(self, node):
        definition, tail = node["definition"], node.get("tail", [])
        table = self.model.at(node["parent"])
        if any(u for u in self.model.direct_users(node)) or table.kind != "table":
            return False
        if "FOREIGN" in definition:
            flag = self.pick(["DEFERRABLE", "NOT VALID", "ON DELETE CASCADE"])
            if flag == "NOT VALID" and "partition" in table or flag[:9] == "ON DELETE" and any("ON DELETE" in w for w in tail):
                return False
        elif "CHECK" in definition:
            flag = "NOT VALID"
        elif definition.startswith(("PRIMARY", "UNIQUE")):
            flag = "DEFERRABLE"
        else:
            return False
        if flag in tail:
            tail.remove(flag)
        elif not any("DEFERRABLE" in w and "DEFERRABLE" in flag for w in tail):
            at = len(tail) - tail.count("NOT VALID") - sum("DEFERRABLE" in w for w in tail) if flag.startswith("ON") else len(tail)
            if flag == "DEFERRABLE" and "NOT VALID" in tail:
                at = tail.index("NOT VALID")
            tail.insert(at, flag)
        node["tail"] = tail
        return True

    def edit_redefine(self, node):
        table = self.model.at(node["parent"])
        if "CHECK" not in node["definition"] or table.kind == "domain":
            return False
        condition, typed = self.condition(table)
        node["definition"] = "CHECK (%s)" % condition
        node.pop("typed", None)
        if typed:
            node["typed"] = True
        return True

    def edit_state(self, node):
        if node.kind == "trigger" and "partition" in self.model.at(node["parent"]):
            return False
        return self.toggle(node, "state", self.pick(["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]))

    def edit_timing(self, node):
        if "constraint" in node or "referencing" in node or "partition" in self.model.at(node["parent"]):
            return False
        node["timing"] = {"AFTER": "BEFORE", "BEFORE": "AFTER"}[node["timing"]]
        return True

    def edit_policy_change(self, node):
        shape = self.pick(["roles", "condition", "permissive"])
        if shape == "roles":
            return self.toggle(node, "roles", self.pick(["bench_r1", "bench_r2, bench_r1", "PUBLIC"]))
        if shape == "permissive":
            return self.toggle(node, "permissive", " AS RESTRICTIVE")
        condition, typed = self.condition(self.model.at(node["parent"]))
        for key in ("using", "check"):
            if key in node:
                node[key] = condition
        if typed:
            node["typed"] = True
        return True

    def edit_rule_change(self, node):
        if self.chance(30):
            return self.toggle(node, "state", "DISABLE")
        node["action"] = self.pick(["INSTEAD NOTHING", "ALSO NOTHING"] + ["ALSO NOTIFY other", "INSTEAD NOTIFY fuzz"] * ("where" not in node))
        return True

    def edit_target(self, node):
        return self.toggle(node, "target", self.rng.randint(0, 900))

    def edit_server_options(self, node):
        if self.model.at(node["wrapper"])["name"] != "postgres_fdw":
            return False
        return self.toggle(node, "options", "host 'n%d', port '%d'" % (self.rng.randint(1, 9), self.rng.randint(1, 9)))

    def edit_mapping(self, node):
        dictionaries = self.model.of("text_dictionary")
        return bool(dictionaries) and self.toggle(node, "dictionary", self.pick(dictionaries).mark)

    def edit_accept(self, node):
        return self.toggle(node, "accept", self.pick(["true", "false"]))

    def edit_context(self, node):
        return self.toggle(node, "context", self.pick([" AS ASSIGNMENT", " AS IMPLICIT"]))
