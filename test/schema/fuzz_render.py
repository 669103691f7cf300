"""The DDL of each kind of node. Missing values are no error: the minimiser takes them away."""

from fuzz_model import dollar, literal, quoted


def render(model, node):
    return globals()["render_" + node.kind](model, node)


def options(values, word="WITH"):
    return " %s (%s)" % (word, ", ".join(values)) if values else ""


def render_schema(model, node):
    return [] if node.id == model.public.id else ["CREATE SCHEMA " + node.mark]


def render_extension(_, node):
    return ["CREATE EXTENSION %s SCHEMA %s" % (node.mark, node["schema"])]


def render_enum(_, node):
    return ["CREATE TYPE %s AS ENUM (%s)" % (node.mark, ", ".join(map(literal, node["labels"])))]


def render_domain(_, node):
    text = "CREATE DOMAIN %s AS %s" % (node.mark, node["type"])
    if "collate" in node:
        text += " COLLATE " + node["collate"]
    if "default" in node:
        text += " DEFAULT " + node["default"]
    return [text + (" NOT NULL" if "notnull" in node else "")]


def render_composite(_, node):
    return ["CREATE TYPE %s AS (%s)" % (node.mark, ", ".join(quoted(n) + " " + t for n, t in node.get("attributes", [])))]


def render_range(_, node):
    rest = ["SUBTYPE = " + node["type"]]
    if "multirange" in node:
        rest.append("MULTIRANGE_TYPE_NAME = %s.%s" % (node["schema"], quoted(node["multirange"])))
    return ["CREATE TYPE %s AS RANGE (%s)" % (node.mark, ", ".join(rest))]


def render_collation(_, node):
    return ["CREATE COLLATION %s (%s)" % (node.mark, node["options"])]


def render_text_dictionary(_, node):
    return ["CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = pg_catalog.simple%s)"
            % (node.mark, ", ACCEPT = " + node["accept"] if "accept" in node else "")]


def render_text_config(_, node):
    made = ["CREATE TEXT SEARCH CONFIGURATION %s (COPY = pg_catalog.%s)" % (node.mark, node.get("copy", "simple"))]
    if "dictionary" in node:
        made.append("ALTER TEXT SEARCH CONFIGURATION %s ALTER MAPPING FOR word, asciiword WITH %s"
                    % (node.mark, node["dictionary"]))
    return made


def render_sequence(_, node):
    text = "CREATE %sSEQUENCE %s" % ("UNLOGGED " if "unlogged" in node else "", node.mark)
    if "type" in node:
        text += " AS " + node["type"]
    return [" ".join([text] + node.get("options", []))]


def render_owned(_, node):
    return ["ALTER SEQUENCE %s OWNED BY %s.%s" % (node["sequence"], node["parent"], node["column"])]


def argument(mode, name, kind, default):
    words = [mode if mode not in ("IN", "TABLE") else "", quoted(name) if name else "", kind,
             "DEFAULT " + default if default else ""]
    return " ".join(word for word in words if word)


def render_function(_, node):
    arguments = node.get("args", [])
    inside = ", ".join(argument(*a) for a in arguments if a[0] != "TABLE")
    text = "CREATE %s %s(%s)" % (node.kind.upper(), node.mark, inside)
    table = [argument(*a) for a in arguments if a[0] == "TABLE"]
    if table:
        text += " RETURNS TABLE (%s)" % ", ".join(table)
    elif "returns" in node:
        text += " RETURNS " + node["returns"]
    text += " LANGUAGE " + node.get("language", "sql")
    text += "".join(" " + node[key] for key in ("volatility", "strict", "leakproof", "security", "parallel",
                                                "cost", "rows", "set") if key in node)
    if "atomic" in node:
        return [text + " BEGIN ATOMIC " + node["body"] + "; END"]
    return [text + " AS " + dollar(node["body"])]


render_procedure = render_function


def render_aggregate(_, node):
    inside = ["SFUNC = " + node["sfunc"], "STYPE = " + node["type"]]
    inside += [word for word in (node.get("initcond"), node.get("parallel"), node.get("finalfunc")) if word]
    return ["CREATE AGGREGATE %s(%s) (%s)" % (node.mark, ", ".join(a[2] for a in node["args"]), ", ".join(inside))]


def render_operator(model, node):
    inside = ["FUNCTION = " + node["function"], "LEFTARG = " + node["left"], "RIGHTARG = " + node["right"]]
    return ["CREATE OPERATOR %s.%s (%s)" % (node["schema"], node["name"], ", ".join(inside + node.get("options", [])))]


def render_cast(_, node):
    return ["CREATE CAST (%s AS %s) %s%s" % (node["source"], node["into"], node["how"], node.get("context", ""))]


def column(node):
    text = quoted(node["name"]) + " " + node["type"]
    if "compression" in node:
        text += " COMPRESSION " + node["compression"]
    if "collate" in node:
        text += " COLLATE " + node["collate"]
    if "generated" in node:
        text += " GENERATED ALWAYS AS (%s) STORED" % node["generated"]
    if "identity" in node:
        text += " GENERATED %s AS IDENTITY%s" % (node["identity"], " (%s)" % node["identity_options"] if "identity_options" in node else "")
    if "default" in node:
        text += " DEFAULT " + node["default"]
    return text + (" NOT NULL" if "notnull" in node else "")


def render_table(model, node):
    columns = model.columns(node, inherited=False)
    text = "CREATE %sTABLE %s" % ("UNLOGGED " if "unlogged" in node else "", node.mark)
    if "of" in node:
        text += " PARTITION OF %s %s" % (node["of"], node["bound"])
    else:
        text += " (%s)" % ", ".join(map(column, columns))
    if node.get("inherits"):
        text += " INHERITS (%s)" % ", ".join(node["inherits"])
    if "partition" in node:
        text += " PARTITION BY " + node["partition"]
    made = [text + options(node.get("options"))]
    for part in columns:
        alter = "ALTER TABLE %s ALTER COLUMN %s SET " % (node.mark, part.mark)
        made += [alter + word + " " + str(part[key]) for key, word in (("storage", "STORAGE"), ("statistics", "STATISTICS"))
                 if key in part]
        if "n_distinct" in part:
            made.append(alter + "(n_distinct = %s)" % part["n_distinct"])
    for key in ("row_security", "force_row_security", "replica_identity"):
        if key in node:
            made.append("ALTER TABLE %s %s" % (node.mark, node[key]))
    return made


def render_foreign_table(model, node):
    inside = ", ".join(map(column, model.columns(node, inherited=False)))
    return ["CREATE FOREIGN TABLE %s (%s) SERVER %s OPTIONS (%s)" % (node.mark, inside, node["server"], node["options"])]


def render_constraint(model, node):
    kind = "DOMAIN" if model.at(node["parent"]).kind == "domain" else "TABLE"
    if model.at(node["parent"]).kind == "foreign_table":
        kind = "FOREIGN TABLE"
    return ["ALTER %s %s ADD CONSTRAINT %s %s%s" % (kind, node["parent"], node.mark, node["definition"],
                                                   "".join(" " + w for w in node.get("tail", [])))]


def render_index(_, node):
    text = "CREATE %sINDEX %s ON %s%s USING %s (%s)" % (
        "UNIQUE " if "unique" in node else "", quoted(node["name"]), "ONLY " if "only" in node else "",
        node["parent"], node.get("method", "btree"), ", ".join(node["keys"]))
    if "include" in node:
        text += " INCLUDE (%s)" % node["include"]
    if "nulls" in node:
        text += " NULLS NOT DISTINCT"
    text += options(node.get("options"))
    if "where" in node:
        text += " WHERE " + node["where"]
    made = [text]
    if "cluster" in node:
        made.append("ALTER TABLE %s CLUSTER ON %s" % (node["parent"], quoted(node["name"])))
    return made


def render_statistics(_, node):
    made = ["CREATE STATISTICS %s%s ON %s FROM %s" % (node.mark, node.get("kinds", ""), ", ".join(node["keys"]), node["parent"])]
    if "target" in node:
        made.append("ALTER STATISTICS %s SET STATISTICS %d" % (node.mark, node["target"]))
    return made


def select(node):
    items = ", ".join(expression + " AS " + quoted(alias) for alias, expression in node["items"])
    return "SELECT %s FROM %s%s" % (items, node["from"], node.get("rest", ""))


def render_view(_, node):
    recursive = "" if "options" not in node else options(node["options"])
    made = ["CREATE VIEW %s%s AS %s%s" % (node.mark, recursive, select(node), node.get("check", ""))]
    return made + view_columns(node)


def render_matview(_, node):
    made = ["CREATE MATERIALIZED VIEW %s%s AS %s%s" % (node.mark, options(node.get("options")), select(node),
                                                      " WITH NO DATA" if "empty" in node else "")]
    return made + view_columns(node)


def view_columns(node):
    return ["COMMENT ON COLUMN %s.%s IS %s" % (node.mark, quoted(alias), literal(text))
            for alias, text in node.get("column_comments", [])]


def render_trigger(_, node):
    text = "CREATE %sTRIGGER %s %s %s ON %s" % ("CONSTRAINT " if "constraint" in node else "", node.mark,
                                                node["timing"], node["events"], node["parent"])
    for key in ("constraint", "referencing"):
        if node.get(key):
            text += " " + node[key]
    text += " FOR EACH " + node.get("level", "STATEMENT")
    if "when" in node:
        text += " WHEN (%s)" % node["when"]
    made = [text + " EXECUTE FUNCTION %s(%s)" % (node["function"], node.get("arguments", ""))]
    if "state" in node:
        made.append("ALTER TABLE %s %s TRIGGER %s" % (node["parent"], node["state"], node.mark))
    return made


def render_rule(_, node):
    made = ["CREATE RULE %s AS ON %s TO %s%s DO %s" % (node.mark, node["event"], node["parent"],
                                                      " WHERE " + node["where"] if "where" in node else "", node["action"])]
    if "state" in node:
        made.append("ALTER TABLE %s %s RULE %s" % (node["parent"], node["state"], node.mark))
    return made


def render_policy(_, node):
    text = "CREATE POLICY %s ON %s%s" % (node.mark, node["parent"], node.get("permissive", ""))
    for key, words in (("command", " FOR %s"), ("roles", " TO %s"), ("using", " USING (%s)"), ("check", " WITH CHECK (%s)")):
        if key in node:
            text += words % node[key]
    return [text]


def render_publication(_, node):
    return ["CREATE PUBLICATION %s%s%s" % (node.mark, node.get("for", ""), options(node.get("options")))]


def render_event_trigger(_, node):
    text = "CREATE EVENT TRIGGER %s ON %s" % (node.mark, node["event"])
    if "tags" in node:
        text += " WHEN TAG IN (%s)" % node["tags"]
    made = [text + " EXECUTE FUNCTION %s()" % node["function"]]
    if "state" in node:
        made.append("ALTER EVENT TRIGGER %s %s" % (node.mark, node["state"]))
    return made


def render_server(_, node):
    return ["CREATE SERVER %s%s FOREIGN DATA WRAPPER %s%s" % (
        node.mark, node.get("version", ""), node["wrapper"], " OPTIONS (%s)" % node["options"] if "options" in node else "")]


def render_user_mapping(_, node):
    return ["CREATE USER MAPPING FOR %s SERVER %s%s" % (node["role"], node["server"],
                                                       " OPTIONS (%s)" % node["options"] if "options" in node else "")]


def render_default_privileges(_, node):
    return ["ALTER DEFAULT PRIVILEGES%s%s %s" % (
        " FOR ROLE " + node["role"] if "role" in node else "", " IN SCHEMA " + node["schema"] if "schema" in node else "", node["what"])]
