"""New objects for a model, chosen by a seeded generator. What an adder lacks it adds first."""

from fuzz_model import HAS_OWNER, PRIVILEGES, ROLES

# type -> class and literals; a column may become any type of its class without touching its users
TYPES = {
    "smallint": ("int", ["0", "7"]), "integer": ("int", ["0", "42", "-1", "(2 + 3)"]), "bigint": ("int", ["0", "10000000000"]),
    "numeric": ("num", ["0", "1.5"]), "numeric(10,2)": ("num", ["0.00", "1.5"]), "numeric(6,0)": ("num", ["3"]),
    "real": ("num", ["0"]), "double precision": ("num", ["0", "1e10"]),
    "text": ("text", ["''", "'x'", "'it''s'", "lower('ABC')", "CURRENT_USER"]), "character varying": ("text", ["'v'"]),
    "character varying(20)": ("text", ["'v'", "'a\\b'"]), "character varying(100)": ("text", ["'w'"]), "character(8)": ("char", ["'c'"]),
    "boolean": ("bool", ["true", "false"]), "date": ("time", ["'2020-01-01'", "CURRENT_DATE"]),
    "timestamp without time zone": ("time", ["now()", "'2020-01-01 10:00'"]), "timestamp(3) with time zone": ("time", ["CURRENT_TIMESTAMP"]),
    "timestamp with time zone": ("time", ["now()", "clock_timestamp()"]), "timestamp(0) without time zone": ("time", ["now()"]),
    "interval": ("interval", ["'1 day'"]), "interval(2)": ("interval", ["'3 hours'"]), "interval day to second(3)": ("interval", ["'1'"]),
    "time(1) without time zone": ("clock", ["LOCALTIME"]), "time with time zone": ("clock", ["'10:00+00'"]),
    "uuid": ("uuid", ["gen_random_uuid()"]), "bytea": ("bytea", ["'\\x00'::bytea"]), "jsonb": ("jsonb", ["'{}'", "'{\"a\": [1]}'"]),
    "json": ("none", ["'{}'"]), "xml": ("none", []), "point": ("none", ["'(0,0)'"]), "inet": ("inet", ["'127.0.0.1'"]),
    "cidr": ("cidr", []), "bit(4)": ("bit", ["B'0000'"]), "bit varying(8)": ("varbit", ["B'1'"]), "money": ("money", ["0"]),
    "tsvector": ("tsvector", ["''"]), "int4range": ("range", ["'[1,2)'", "'empty'"]), "tstzrange": ("range", []),
    "int4multirange": ("multirange", ["'{}'"]), "name": ("name", ["'n'"]), "oid": ("oid", ["0"]), "macaddr": ("macaddr", []),
    "integer[]": ("array", ["'{}'", "ARRAY[1, 2]"]), "text[]": ("array", ["'{}'", "ARRAY['a'::text]"]),
    "character varying(5)[]": ("array", ["'{}'"]), "numeric(5,1)[]": ("array", []), "timestamp(2) with time zone[]": ("array", []),
}
COMMON = ["integer", "bigint", "text", "character varying(20)", "numeric(10,2)", "boolean", "timestamp with time zone", "date"]
SERIAL = {"serial": "integer", "bigserial": "bigint"}
RELATIONS = ("table", "view", "matview", "foreign_table")
KEYWORDS = ["order", "select", "user", "table", "group", "end", "default", "check", "time", "values", "primary", "grant", "window"]


class Maker:
    def __init__(self, rng, model):
        self.rng, self.model = rng, model

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def pick(self, values):
        return self.rng.choice(list(values))

    def some(self, values, most=3):
        values = list(values)
        return self.rng.sample(values, min(len(values), self.rng.randint(1, most)))

    # Names, schemas, types

    def name(self, prefix):
        number = self.model.next
        names = ["%s%d" % (prefix, number)] * 14 + [
            "%s Mixed%d" % (prefix.upper(), number), 'qu"ote\'%d' % number, "größe_%s%d" % (prefix, number), "a.b%d" % number,
            ("%s%d_" % (prefix, number)).ljust(63, "x"), self.pick(KEYWORDS), "$$%d" % number, "back\\%d" % number, "%%I%d" % number]
        name = self.pick(names)
        if name in self.model.names:
            name = "%s%d" % (prefix, number)
        self.model.names.add(name)
        return name

    def schema(self):
        schemas = self.model.of("schema")
        if self.chance(55):
            return self.model.public.mark
        return self.pick(schemas).mark

    def add(self, kind, prefix, **values):
        """A new object in some schema, at times with a comment, an owner, grants."""
        if "parent" not in values and "schema" not in values:
            values["schema"] = self.schema()
        node = self.model.add(kind, values.pop("name", None) or self.name(prefix), **values)
        if self.chance(12):
            node["comment"] = self.comment()
        if kind in HAS_OWNER and kind != "sequence" and self.chance(8):
            node["owner"] = self.pick(ROLES)
        if kind in PRIVILEGES and self.chance(12):
            self.grant(node)
        return node

    def comment(self):
        return self.pick(["about %d" % self.rng.randint(1, 99), "it's \"odd\" \\ $$ %d" % self.rng.randint(1, 9), "zwei\nZeilen; --"])

    def grant(self, node):
        if node.kind in ("function", "procedure", "aggregate", "enum", "domain", "composite", "range") and self.chance(30):
            node["grants"] = [[PRIVILEGES[node.kind][0], "PUBLIC", "REVOKE"]]
            return
        role = self.pick(ROLES + ["PUBLIC"])
        option = role != "PUBLIC" and node.kind != "column" and self.chance(25)
        node["grants"] = [g for g in node.get("grants", []) if g[1] != role]
        node["grants"] += [[self.pick(PRIVILEGES[node.kind]), role, option]]

    def user_types(self, unit=None):
        found = self.model.of("enum", "domain", "composite", "range")
        return [n for n in found if unit is None or not self.model.depends(n, unit)]

    def type(self, unit=None, classes=None):
        """A type, and not one that needs unit."""
        if classes:
            return self.pick(t for t, (c, _) in TYPES.items() if c in classes)
        users = self.user_types(unit)
        if users and self.chance(30):
            return self.pick(users).mark + ("[]" if self.chance(15) else "")
        extensions = [n for n in self.model.of("extension") if n["name"] in ("hstore", "citext")]
        if extensions and self.chance(10):
            extension = self.pick(extensions)
            return "«%d.%s»" % (extension.id, extension["name"])
        return self.pick(COMMON if self.chance(50) else TYPES)

    def kind_of(self, text):
        """A type's class: what may be said about a value of it."""
        text = SERIAL.get(text, text)
        if text in TYPES:
            return TYPES[text][0]
        if text.startswith("«") and text.endswith("»") and "." not in text:
            node = self.model.at(text)
            return {"enum": "enum", "range": "range"}.get(node.kind, "none")
        return "none"

    def value(self, text):
        """A default for a type, or None."""
        if text in TYPES:
            literals = TYPES[text][1]
            return self.pick(literals) if literals else "NULL::" + text
        if text.startswith("«") and text.endswith("»") and "." not in text:
            node = self.model.at(text)
            if node.kind == "enum":
                return "'%s'::%s" % (self.pick(node["labels"]).replace("'", "''"), text)
            if node.kind == "domain" and node["type"] in TYPES and TYPES[node["type"]][1]:
                return TYPES[node["type"]][1][0]
        return None

    def constant(self, text):
        return "%s::%s" % (self.value(text) or "NULL", text) if text in TYPES else "NULL::" + text

    def comparable(self, columns):
        return [c for c in columns if self.kind_of(c["type"]) != "none"]

    # Schemas, types, sequences

    def schema_(self):
        return self.add("schema", "s", schema=None)

    def extension(self):
        had = {n["name"] for n in self.model.of("extension")}
        free = [n for n in ("hstore", "citext", "pg_trgm", "file_fdw", "postgres_fdw", "btree_gist") if n not in had]
        return self.model.add("extension", self.pick(free), schema=self.schema()) if free else None

    def enum(self):
        labels = self.rng.sample(["red", "green", "blue", "it's", "Größe", "a b", "x", "", "NULL", "last"], self.rng.randint(1, 5))
        return self.add("enum", "e", labels=labels)

    def domain(self):
        base = self.type() if self.chance(25) else self.pick(COMMON)
        node = self.add("domain", "d", type=base)
        if self.chance(40):
            node["default"] = self.value(base) or "NULL"
        if self.chance(15):
            node["notnull"] = True
        if self.kind_of(base) == "text" and self.chance(15):
            node["collate"] = '"C"'
        for _ in range(self.pick([0, 0, 1, 2])):
            self.domain_check(node)
        return node

    def domain_check(self, node):
        text = {"int": "VALUE < %d" % self.rng.randint(10**11, 10**12), "text": "length(VALUE) < %d" % self.rng.randint(100, 999)}.get(
            self.kind_of(node["type"]), "VALUE IS NULL OR %d > 0" % self.rng.randint(1, 9))
        return self.add("constraint", "dc", parent=node.mark, definition="CHECK (%s)" % text,
                        tail=["NOT VALID"] if self.chance(20) else None)

    def composite(self):
        attributes = [["f%d" % i if self.chance(80) else "F %d" % i, self.type()] for i in range(self.rng.randint(1, 4))]
        return self.add("composite", "ct", attributes=attributes)

    def range(self):
        return self.add("range", "rg", type=self.pick(["integer", "numeric", "text", "date", "timestamp without time zone"]),
                        multirange=self.name("mr") if self.chance(30) else None)

    def collation(self):
        return self.add("collation", "co", options=self.pick([
            "provider = icu, locale = 'und'", "provider = icu, locale = 'de-u-co-phonebk'", "locale = 'C'",
            "provider = icu, locale = 'und-u-ks-level2', deterministic = false"]))

    def text_dictionary(self):
        return self.add("text_dictionary", "td", accept="true" if self.chance(50) else None)

    def text_config(self):
        dictionaries = self.model.of("text_dictionary")
        return self.add("text_config", "tc", copy=self.pick(["simple", "english"]),
                        dictionary=self.pick(dictionaries).mark if dictionaries and self.chance(60) else None)

    def sequence_options(self):
        return self.some(["INCREMENT BY %d" % self.rng.randint(2, 9), "CACHE 5", "CYCLE", "START WITH %d" % self.rng.randint(2, 99),
                          "MAXVALUE 30000", "MINVALUE 1"])

    def sequence(self):
        node = self.add("sequence", "sq", type=self.pick([None, None, "integer", "smallint", "bigint"]), options=self.sequence_options()
                        if self.chance(50) else None, unlogged=self.chance(5))
        return node

    def owned(self):
        taken = {n["sequence"] for n in self.model.of("owned")}
        free = [n for n in self.model.of("sequence") if n.mark not in taken and "owner" not in n]
        pairs = [(s, t, c) for s in free for t in self.model.of("table") if t.get("schema") == s.get("schema") and "owner" not in t
                 and "unlogged" not in t and "unlogged" not in s for c in self.model.columns(t, False)]
        if not pairs:
            return None
        sequence, table, column = self.pick(pairs)
        return self.model.add("owned", "", sequence=sequence.mark, parent=table.mark, column=column.mark)

    # Routines

    def routine_traits(self, node):
        if self.chance(20):
            node["strict"] = "STRICT"
        if self.chance(12):
            node["security"] = "SECURITY DEFINER"
        if self.chance(20):
            node["parallel"] = self.pick(["PARALLEL SAFE", "PARALLEL RESTRICTED"])
        if self.chance(15):
            node["cost"] = "COST %d" % self.rng.randint(2, 500)
        if self.chance(10):
            node["set"] = self.pick(["SET search_path TO pg_catalog, pg_temp", "SET work_mem TO '8MB'", "SET search_path TO ''",
                                     "SET datestyle TO 'ISO, DMY'"])
        if self.chance(6):
            node["leakproof"] = "LEAKPROOF"

    def scalar(self, kind=None):
        """An immutable function of one argument, for expressions."""
        kind = kind or self.pick(["integer", "text"])
        body = "SELECT $1" if self.chance(50) else "SELECT $1 %s" % ("+ %d" % self.rng.randint(1, 99) if kind == "integer" else "|| 'x'")
        node = self.add("function", "f", args=[["IN", self.pick(["", "a"]), kind, None]], returns=kind, volatility="IMMUTABLE", body=body)
        node["scalar"] = kind
        if self.chance(25):
            node["language"], node["body"] = "plpgsql", "BEGIN RETURN $1; END"
        elif self.chance(20):
            node["atomic"] = True
            node["body"] += " AS v"  # whose name would change each time it is read and written
        self.routine_traits(node)
        return node

    def scalars(self, kind, unit=None):
        found = [n for n in self.model.of("function") if n.get("scalar") == kind]
        return [n for n in found if unit is None or not self.model.depends(n, unit)]

    def function(self):
        shape = self.pick(["scalar", "scalar", "args", "out", "table", "setof", "reads", "reads", "void", "overload"])
        if shape == "scalar":
            return self.scalar()
        tables = self.model.of("table")
        volatility = self.pick([None, "STABLE", "VOLATILE"])
        if shape == "overload":
            simple = self.model.of("function")
            if not simple:
                return self.scalar()
            other = self.pick(simple)
            node = self.add("function", "f", name=other["name"], schema=other["schema"], returns="integer", body="SELECT 1",
                            args=[["IN", "o%d" % self.model.next, self.type(), None], ["IN", "p", self.pick(["oid", "money", "cidr"]), None]])
        elif shape in ("setof", "reads") and tables:
            table = self.pick(tables)
            if shape == "setof":
                node = self.add("function", "f", returns="SETOF " + table.mark, body="SELECT * FROM " + table.mark)
                if self.chance(50):
                    node["rows"] = "ROWS %d" % self.rng.randint(1, 99)
            else:
                node = self.add("function", "f", args=[["IN", "x", "integer", "0" if self.chance(50) else None]], returns="bigint",
                                body="SELECT count(*) FROM %s" % table.mark, atomic=self.chance(50))
                columns = self.model.columns(table)
                if columns and self.chance(50):
                    node["body"] += " AS r WHERE r.%s IS NOT NULL" % self.pick(columns).mark
        elif shape == "out":
            node = self.add("function", "f", args=[["IN", "a", self.type(), None], ["OUT", "b", "integer", None], ["OUT", "C c", "text", None]],
                            body="SELECT 1, 'x'::text")
        elif shape == "table":
            node = self.add("function", "f", args=[["TABLE", "b", "integer", None], ["TABLE", "c", "text", None]], body="SELECT 1, 'y'::text")
        elif shape == "void":
            node = self.add("function", "f", args=[["VARIADIC", "rest", "text[]", None]] if self.chance(40) else None, returns="void",
                            language="plpgsql", body="BEGIN PERFORM %d; END" % self.rng.randint(1, 9))
        else:
            kind = self.type()
            args = [["INOUT" if i == 9 else "IN", "a%d" % i, self.type(), None] for i in range(self.rng.randint(0, 3))]
            if args and self.chance(50) and self.value(args[-1][2]):
                args[-1][3] = self.value(args[-1][2])
            node = self.add("function", "f", args=args, returns=kind, body="SELECT NULL::" + kind)
        if volatility:
            node["volatility"] = volatility
        self.routine_traits(node)
        return node

    def procedure(self):
        return self.add("procedure", "pr", args=[["IN", "a", self.type(), None]] if self.chance(60) else None, body="SELECT %d" % self.rng.randint(1, 9),
                        security="SECURITY DEFINER" if self.chance(20) else None)

    def binary(self):
        found = [n for n in self.model.of("function") if n.get("binary")]
        if found and self.chance(60):
            return self.pick(found)
        node = self.add("function", "f2_", args=[["IN", "", "integer", None], ["IN", "", "integer", None]], returns="integer",
                        volatility="IMMUTABLE", body="SELECT $1 %s $2" % self.pick("+-*"))
        node["binary"] = True
        return node

    def aggregate(self):
        return self.add("aggregate", "ag", args=[["IN", "", "integer", None]], sfunc=self.binary().mark, type="integer",
                        initcond="INITCOND = '%d'" % self.rng.randint(0, 9) if self.chance(70) else None,
                        parallel="PARALLEL = SAFE" if self.chance(30) else None)

    def operator(self):
        symbol = "<" + "".join("#&|~%@"[int(digit) % 6] for digit in oct(self.model.next + 512)[2:]) + ">"
        return self.add("operator", "", name=symbol, function=self.binary().mark, left="integer", right="integer",
                        options=self.pick([None, ["COMMUTATOR = " + symbol]]))

    def cast(self):
        users = self.model.of("enum", "composite")
        taken = {(n["source"], n["into"]) for n in self.model.of("cast")}
        pairs = [(s, t) for s in users for t in ("integer", "jsonb", "boolean") if (s.mark, t) not in taken]
        if not pairs:
            return None
        source, into = self.pick(pairs)
        how = "WITH INOUT"
        if self.chance(50):
            function = self.add("function", "fc", args=[["IN", "", source.mark, None]], returns=into, volatility="IMMUTABLE",
                                body="SELECT NULL::" + into)
            how = "WITH FUNCTION %s(%s)" % (function.mark, source.mark)
        return self.add("cast", "cast", schema=None, name="cast", source=source.mark, into=into, how=how,
                        context=self.pick([None, " AS ASSIGNMENT", " AS IMPLICIT"]))

    def trigger_function(self, kind="trigger"):
        found = [n for n in self.model.of("function") if n.get("returns") == kind]
        if found and self.chance(60):
            return self.pick(found)
        body = "BEGIN RETURN NEW; END" if kind == "trigger" else "BEGIN NULL; END"
        return self.add("function", "tf", returns=kind, language="plpgsql", body=body, security="SECURITY DEFINER" if self.chance(10) else None)

    # What is in no schema

    def event_trigger(self):
        node = self.add("event_trigger", "et", schema=None, event=self.pick(["ddl_command_start", "ddl_command_end", "sql_drop"]),
                        function=self.trigger_function("event_trigger").mark)
        if self.chance(50):
            node["tags"] = self.pick(["'CREATE TABLE'", "'DROP TABLE', 'ALTER TABLE'"])
        if self.chance(30):
            node["state"] = self.pick(["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"])
        return node

    def publication(self):
        tables = [t for t in self.model.of("table") if "unlogged" not in t and "of" not in t]
        what = None
        if tables and self.chance(65):
            parts = []
            chosen = self.some(tables)
            for table in chosen:
                part = "TABLE %s" % table.mark
                columns = [c for c in self.model.columns(table, False) if "generated" not in c]
                if len(chosen) > 1:
                    columns = []  # a parent and its child may not differ
                if columns and self.chance(25) and "partition" not in table:
                    part += " (%s)" % ", ".join(c.mark for c in columns[:2])
                plain = [c for c in columns if c["type"] in TYPES]
                if plain and self.chance(25) and "partition" not in table:
                    part += " WHERE (%s IS NOT NULL)" % plain[0].mark
                parts.append(part)
            what = " FOR " + ", ".join(parts)
        elif self.chance(50):
            what = " FOR TABLES IN SCHEMA " + ", ".join(s.mark for s in self.some(self.model.of("schema"), 2))
        elif self.chance(40):
            what = " FOR ALL TABLES"
        return self.add("publication", "pub", schema=None, **{"for": what}, options=self.pick([
            None, ["publish = 'insert, delete'"], ["publish_via_partition_root"], ["publish = ''"]]))

    def server(self):
        wrappers = [n for n in self.model.of("extension") if n["name"].endswith("_fdw")]
        if not wrappers:
            had = {n["name"] for n in self.model.of("extension")}
            wrappers = [self.model.add("extension", self.pick({"file_fdw", "postgres_fdw"} - had), schema=self.schema())]
        wrapper = self.pick(sorted(wrappers, key=lambda n: n.id))
        node = self.add("server", "srv", schema=None, wrapper=wrapper.mark, version=" VERSION '1.0'" if self.chance(30) else None)
        if wrapper["name"] == "postgres_fdw" and self.chance(60):
            node["options"] = "host 'h%d', dbname 'd'" % self.rng.randint(1, 9)
        return node

    def user_mapping(self):
        taken = {(n["server"], n["role"]) for n in self.model.of("user_mapping")}
        pairs = [(s, r) for s in self.model.of("server") for r in ROLES + ["PUBLIC"] if (s.mark, r) not in taken]
        if not pairs:
            return None
        server, role = self.pick(pairs)
        remote = self.model.at(server["wrapper"])["name"] == "postgres_fdw"
        return self.model.add("user_mapping", "", server=server.mark, role=role,
                              options="\"user\" 'u%d'" % self.rng.randint(1, 9) if remote and self.chance(70) else None)

    def default_privileges(self):
        what = self.pick(["GRANT SELECT ON TABLES TO bench_r1", "GRANT ALL ON SEQUENCES TO bench_r2", "GRANT EXECUTE ON FUNCTIONS TO bench_r1",
                          "GRANT USAGE ON TYPES TO bench_r2", "GRANT INSERT, SELECT ON TABLES TO bench_r2 WITH GRANT OPTION",
                          "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"])
        schema = self.schema() if self.chance(60) and "REVOKE" not in what else None
        return self.model.add("default_privileges", "", what=what, schema=schema, role=self.pick([None, "bench_r1"]), early=self.chance(50))
