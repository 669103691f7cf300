"""A schema as the fuzzer holds it: nodes that name each other by marks, and its DDL.

A node is a dict; a value of it that needs another node has the mark «id» where that one's name
goes, so what a node needs and what it says cannot differ. «id.x» is x in the schema of an
extension, «id!» the name as the inside of a string literal.
"""

import re

MARK = re.compile(r"«(\d+)(?:\.(\w+))?(!?)»")
ROLES = ["bench_r1", "bench_r2"]

# Named within another object or in the whole database
UNQUALIFIED = {"schema", "extension", "column", "constraint", "trigger", "rule", "policy", "publication",
               "event_trigger", "server", "default_privileges", "cast", "user_mapping", "owned"}

PHRASE = {
    "enum": "TYPE", "composite": "TYPE", "range": "TYPE", "text_config": "TEXT SEARCH CONFIGURATION",
    "text_dictionary": "TEXT SEARCH DICTIONARY", "matview": "MATERIALIZED VIEW", "foreign_table": "FOREIGN TABLE",
    "event_trigger": "EVENT TRIGGER",
}
OF_TABLE = {"constraint", "trigger", "rule", "policy"}
HAS_OWNER = {"schema", "enum", "composite", "range", "domain", "sequence", "function", "procedure", "aggregate",
             "table", "view", "matview", "foreign_table", "statistics", "operator", "publication", "server",
             "collation", "text_config", "text_dictionary"}
PRIVILEGES = {
    "table": ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "ALL"],
    "view": ["SELECT", "INSERT", "ALL"], "matview": ["SELECT", "ALL"], "foreign_table": ["SELECT", "INSERT"],
    "sequence": ["USAGE", "SELECT", "UPDATE", "ALL"], "schema": ["USAGE", "CREATE", "ALL"],
    "function": ["EXECUTE"], "procedure": ["EXECUTE"], "aggregate": ["EXECUTE"],
    "enum": ["USAGE"], "domain": ["USAGE"], "composite": ["USAGE"], "range": ["USAGE"], "server": ["USAGE"],
    "column": ["SELECT", "INSERT", "UPDATE", "REFERENCES"],
}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return ("E" if "\\" in text else "") + "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def dollar(body):
    tag = "$fuzz$"
    return tag + body + tag


def marks(value):
    if isinstance(value, str):
        return {int(found[0]) for found in MARK.findall(value)}
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, (list, tuple, type({}.values()))):
        return set().union(*map(marks, value))
    return set()


class Node(dict):
    """id and kind never change; all else is in the dict, and none of it but the name is required."""

    def __init__(self, number, kind, values):
        super().__init__(values)
        self.id, self.kind = number, kind

    @property
    def mark(self):
        return "«%d»" % self.id

    def copy(self):
        return Node(self.id, self.kind, {key: [list(v) if isinstance(v, list) else v for v in value]
                                         if isinstance(value, list) else value for key, value in self.items()})


class Model:
    def __init__(self):
        self.nodes = {}
        self.next = 1
        self.names = set()
        self.public = self.add("schema", "public")

    def copy(self):
        model = Model.__new__(Model)
        model.nodes = {number: node.copy() for number, node in self.nodes.items()}
        model.next, model.names, model.public = self.next, set(self.names), model.nodes[self.public.id]
        return model

    def add(self, kind, name, **values):
        node = Node(self.next, kind, {"name": name, **{k: v for k, v in values.items() if v not in (None, False, [])}})
        self.nodes[node.id] = node
        self.next += 1
        return node

    def of(self, *kinds):
        return [node for node in self.nodes.values() if node.kind in kinds]

    def at(self, mark):
        return self.nodes[int(MARK.match(mark).group(1))]

    def dependants(self, number):
        """All that goes when this goes, itself first."""
        gone, queue = [], [number]
        while queue:
            number = queue.pop()
            if number not in gone:
                gone.append(number)
                queue += [node.id for node in self.nodes.values() if number in marks(node)]
        return gone

    def users(self, node):
        return [self.nodes[number] for number in self.dependants(node.id)[1:]]

    def direct_users(self, node):
        return [user for user in self.nodes.values() if node.id in marks(user)]

    def drop(self, number):
        for gone in self.dependants(number):
            if gone != self.public.id:
                self.nodes.pop(gone, None)

    def columns(self, table, inherited=True):
        """The columns of a table; with those that it has from its parents."""
        own = [n for n in self.nodes.values() if n.kind == "column" and n.get("parent") == table.mark]
        if inherited:
            names = {column["name"] for column in own}
            for parent in table.get("inherits", []) + ([table["of"]] if "of" in table else []):
                for column in self.columns(self.at(parent)):
                    if column["name"] not in names:
                        own.append(column)
                        names.add(column["name"])
        return own

    def depends(self, node, other):
        """Whether node could not be made before other."""
        return self.unit(node).id in {self.unit(self.nodes[n]).id for n in self.dependants(self.unit(other).id)}

    def unit(self, node):
        return self.at(node["parent"]) if node.kind == "column" else node

    def order(self):
        """Every node but the columns after what it needs, otherwise as they were added."""
        done, result = set(), []

        def visit(node):
            if node.id in done:
                return
            done.add(node.id)
            needs = marks(node)
            if node.kind in ("table", "foreign_table"):
                needs = needs.union(*map(marks, self.columns(node, inherited=False)))
            for number in sorted(needs):
                visit(self.unit(self.nodes[number]))
            result.append(node)
            if node.kind == "domain":  # not once it is in a composite type's column
                for check in self.direct_users(node):
                    if check.kind == "constraint":
                        visit(check)

        for node in list(self.nodes.values()):
            visit(self.unit(node))
        return result

    # Names and texts

    def name(self, node):
        if node.kind in UNQUALIFIED:
            return quoted(node["name"])
        schema = self.at(node["schema"])["name"]
        return quoted(schema) + "." + (node["name"] if node.kind == "operator" else quoted(node["name"]))

    def text(self, value):
        def replace(match):
            node = self.nodes[int(match.group(1))]
            if match.group(2):
                return quoted(self.at(node["schema"])["name"]) + "." + match.group(2)
            name = self.name(node)
            return name.replace("'", "''") if match.group(3) else name

        return MARK.sub(replace, value)

    def phrase(self, node):
        """The object as COMMENT ON and the like want it."""
        name = self.name(node)
        if node.kind in ("function", "procedure", "aggregate"):
            types = [a[2] for a in node.get("args", []) if a[0] not in ("OUT", "TABLE")]
            name += "(" + ", ".join(types) + ")"
        elif node.kind == "operator":
            name += "(%s, %s)" % (node["left"], node["right"])
        elif node.kind == "cast":
            return self.text("CAST (%s AS %s)" % (node["source"], node["into"]))
        elif node.kind == "column":
            return self.text("COLUMN %s.%s" % (node["parent"], node.mark))
        elif node.kind in OF_TABLE:
            on = "ON DOMAIN " if self.at(node["parent"]).kind == "domain" else "ON "
            name += " " + on + node["parent"]
        return self.text(PHRASE.get(node.kind, node.kind.upper()) + " " + name)

    def grants(self, node):
        kind = {"enum": "TYPE", "composite": "TYPE", "range": "TYPE", "domain": "TYPE", "view": "TABLE", "aggregate": "FUNCTION",
                "matview": "TABLE", "foreign_table": "TABLE", "server": "FOREIGN SERVER"}.get(node.kind)
        for privilege, role, option in node.get("grants", []):
            if node.kind == "column":
                yield self.text("GRANT %s (%s) ON %s TO %s" % (privilege, node.mark, node["parent"], role))
                continue
            on = self.phrase(node)
            if kind:
                on = kind + " " + on[len(PHRASE.get(node.kind, node.kind.upper())) + 1:]
            if option == "REVOKE":
                yield "REVOKE %s ON %s FROM %s" % (privilege, on, role)
            else:
                yield "GRANT %s ON %s TO %s%s" % (privilege, on, role, " WITH GRANT OPTION" if option else "")

    def ddl(self):
        """The statements, owners and grants last: they bind no more than they say."""
        import fuzz_render  # which needs this module
        first, body, owners, grants = [], [], [], []
        for node in self.order():
            made = [self.text(s) for s in fuzz_render.render(self, node)]
            (first if node.kind == "schema" or node.get("early") else body).extend(made)
            parts = [node] + (self.columns(node, False) if node.kind in ("table", "foreign_table") else [])
            for part in parts:
                if "comment" in part:
                    body.append("COMMENT ON %s IS %s" % (self.phrase(part), literal(part["comment"])))
                if "owner" in part and part.kind in HAS_OWNER:
                    owners.append("ALTER %s OWNER TO %s" % (self.phrase(part), part["owner"]))
                grants += self.grants(part)
        return "".join(statement + ";\n" for statement in first + body + owners + grants)
