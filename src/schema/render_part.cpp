// What belongs to a table: constraints, indexes, triggers, rules, policies, links to other tables.
#include <fmt/format.h>

#include <algorithm>

#include "schema/render_kinds.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

Hazard locks() {
    return {Risk::locks, "Readers and writers of the table wait until it is done."};
}
Hazard scans() {
    return {Risk::scans, "All rows are read while readers and writers wait."};
}
Hazard no_longer_used() {
    return {Risk::locks, "Queries that use it get slow."};
}
Hazard fails() {
    return {Risk::may_fail, "Fails on rows that do not fit."};
}

std::string table_of(const World &world, const Object &object) {
    return world.home(object);
}

// Behind the definition of an index: its options and where it is.
void add_storage(const Object &object, std::string &sql) {
    sql.insert(before_where(object, sql), with_options(object) + in_tablespace(object));
}

// The index that a key can be made of, built while others write; empty where there is none such.
std::string index_of_key(const World &world, const Object &key) {
    std::string_view columns = key.get("definition");
    std::string_view const nulls = "NULLS NOT DISTINCT ";
    for (std::string_view const prefix :
         {std::string_view("PRIMARY KEY "), std::string_view("UNIQUE ")})
        if (columns.starts_with(prefix)) columns.remove_prefix(prefix.size());
    bool const not_distinct = columns.starts_with(nulls);
    if (not_distinct) columns.remove_prefix(nulls.size());
    if (!columns.starts_with('(') || columns.find(" WITHOUT OVERLAPS") != std::string_view::npos)
        return {};
    std::string sql =
        fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {}{}", key.name,
                    table_of(world, key), columns, not_distinct ? " NULLS NOT DISTINCT" : "");
    add_storage(key, sql);
    return sql;
}

void create_key_online(const World &world, const Object &key, std::string index, Script &script) {
    script.add(std::move(index), {{Risk::may_fail, "Fails where values are there twice."}})
        .transactional = false;
    bool const primary = key.get("definition").starts_with("PRIMARY");
    script.add(
        fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}{}", table_of(world, key),
                    key.name, primary ? "PRIMARY KEY" : "UNIQUE", key.name,
                    key.has("deferrable") ? " " + key.get("deferrable") : std::string()),
        {locks()});
}

void create_constraint(const World &world, const Object &object, const Style &style,
                       Script &script) {
    std::string const prefix = "ALTER TABLE " + table_of(world, object);
    bool const partitioned = world[object.parent].has("partition_by");
    bool const only = has_index(object) && partitioned;
    std::string const clause = constraint_clause(object);
    bool const online = style.online && !partitioned;
    bool const later = online && !has_index(object) && !object.has("not_valid");
    if (std::string index = online && has_index(object) ? index_of_key(world, object) : "";
        !index.empty()) {
        create_key_online(world, object, std::move(index), script);
    } else if (later) {
        script.add(fmt::format("{} ADD {} NOT VALID", prefix, clause), {locks()});
        script.add(fmt::format("{} VALIDATE CONSTRAINT {}", prefix, object.name), {fails()});
    } else {
        std::vector<Hazard> hazards = {scans(), fails()};
        if (object.kind == Kind::foreign_key)
            hazards[0].text = "All rows are read while writers wait.";
        if (object.has("not_valid")) hazards = {locks()};
        if (only)
            hazards = {locks()};  // those of the partitions are attached to it
        else if (has_index(object))
            hazards[0] = {Risk::scans, "An index is built while readers and writers wait."};
        bool const check = !has_index(object) && object.kind != Kind::foreign_key;
        script.alter_table((only ? "ONLY " : "") + table_of(world, object),
                           check ? Pass::constraint : Pass::alone, "ADD " + clause,
                           std::move(hazards));
    }
    finish_index(world, object, script);
}

// Of an index.
void alter_storage(const Pair &pair, const std::string &index) {
    std::string const prefix = "ALTER INDEX " + index;
    if (pair.differs("tablespace"))
        pair.script.add(
            fmt::format("{} SET TABLESPACE {}", prefix,
                        pair.to.has("tablespace") ? pair.to.get("tablespace") : "pg_default"),
            {locks()});
    alter_storage_options(pair, "options", prefix);
}

bool alter_constraint(const Pair &pair) {
    const Object &to = pair.to;
    std::string const prefix = "ALTER TABLE " + table_of(pair.after, to);
    for (std::string_view const fixed : {"type", "definition"})
        if (pair.differs(fixed)) return false;
    if (pair.differs("deferrable")) {
        if (to.kind != Kind::foreign_key) return false;
        pair.script.add(fmt::format("{} ALTER CONSTRAINT {} {}", prefix, to.name,
                                    to.has("deferrable") ? to.get("deferrable") : "NOT DEFERRABLE"),
                        {locks()});
    }
    if (pair.differs("not_valid")) {
        if (to.has("not_valid")) return false;
        pair.script.add(fmt::format("{} VALIDATE CONSTRAINT {}", prefix, to.name), {fails()});
    }
    if (has_index(to)) alter_storage(pair, to.get(".index"));
    return true;
}

std::string concurrently(const std::string &definition) {
    std::size_t const at = definition.find("INDEX ") + 6;
    return definition.substr(0, at) + "CONCURRENTLY " + definition.substr(at);
}

void create_index(const World &world, const Object &object, const Style &style, Script &script) {
    const Object &table = world[object.parent];
    bool const partitioned = table.has("partition_by");  // those of the partitions are attached
    bool const online = style.online && !partitioned;
    std::string sql = object.get("definition");
    add_storage(object, sql);
    Statement &statement = script.add(online ? concurrently(sql) : std::move(sql));
    statement.transactional = !online;
    if (!online && !partitioned)
        statement.hazards.push_back({Risk::scans, "The index is built while writers wait."});
    if (object.get("definition").starts_with("CREATE UNIQUE") && !partitioned)
        statement.hazards.push_back({Risk::may_fail, "Fails where values are there twice."});
    finish_index(world, object, script);
}

// On whichever of its indexes: CLUSTER ON takes the mark from the one that had it.
bool is_clustered(const World &world, Ref table) {
    auto const &parts = world.children(table);
    return std::any_of(parts.begin(), parts.end(),
                       [&](Ref part) { return world[part].has("clustered"); });
}

void alter_marks(const Pair &pair) {
    const Object &to = pair.to;
    std::string const prefix = "ALTER TABLE " + table_of(pair.after, to);
    if (pair.differs("clustered")) {
        if (to.has("clustered"))
            pair.script.add(fmt::format("{} CLUSTER ON {}", prefix, to.name), {locks()});
        else if (!is_clustered(pair.after, to.parent))
            pair.script.add(prefix + " SET WITHOUT CLUSTER", {locks()});
    }
    if (pair.differs("replica_identity") && to.has("replica_identity"))
        pair.script.add(fmt::format("{} REPLICA IDENTITY USING INDEX {}", prefix, to.name),
                        {locks()});
}

void set_index_statistics(const Object &object, Script &script) {
    for (std::string_view const item : object.list("statistics"))
        if (!item.empty())
            script.add(fmt::format("ALTER INDEX {} ALTER COLUMN {}", object.get(".index"), item));
}

bool alter_index(const Pair &pair) {
    const Object &to = pair.to;
    if (pair.differs("definition")) return false;
    std::string const prefix = "ALTER INDEX " + to.identity;
    alter_storage(pair, to.identity);
    if (pair.differs("statistics")) {
        for (std::string_view const item : pair.from.list("statistics"))
            if (!item.empty())
                pair.script.add(fmt::format("{} ALTER COLUMN {} SET STATISTICS -1", prefix,
                                            item.substr(0, item.find(' '))));
        set_index_statistics(to, pair.script);
    }
    alter_marks(pair);
    return true;
}

std::string enabled_word(const Object &object) {
    if (!object.has("enabled")) return "ENABLE";
    return object.get("enabled");  // DISABLE, ENABLE ALWAYS, ENABLE REPLICA
}

void set_enabled(const World &world, const Object &object, const char *noun, Script &script) {
    script.add(fmt::format("ALTER TABLE {} {} {} {}", table_of(world, object), enabled_word(object),
                           noun, object.name),
               {{Risk::breaks_code, "It fires for other sessions than before."}});
}

bool alter_trigger(const Pair &pair) {
    if (pair.differs("definition")) {
        auto const is_constraint = [](const Object &o) {
            return o.get("definition").starts_with("CREATE CONSTRAINT");
        };
        if (is_constraint(pair.from) || is_constraint(pair.to) || pair.style.version < 14)
            return false;
        // A clone that only differs in being enabled has no definition of its own.
        if (pair.to.has("clone") || pair.from.has("clone")) return false;
        pair.script.add(or_replace(pair.to.get("definition")), {locks()});
    }
    if (pair.differs("enabled")) set_enabled(pair.after, pair.to, "TRIGGER", pair.script);
    return true;
}

bool alter_rule(const Pair &pair) {
    if (pair.differs("definition"))
        pair.script.add(or_replace(pair.to.get("definition")), {locks()});
    if (pair.differs("enabled")) set_enabled(pair.after, pair.to, "RULE", pair.script);
    return true;
}

std::string policy_clauses(const Object &policy) {
    std::string text;
    if (policy.has("roles")) text += "\n    TO " + join(policy, "roles");
    if (policy.has("using")) text += fmt::format("\n    USING ({})", policy.get("using"));
    if (policy.has("with_check"))
        text += fmt::format("\n    WITH CHECK ({})", policy.get("with_check"));
    return text;
}

void create_policy(const World &world, const Object &policy, Script &script) {
    std::string text = fmt::format("CREATE POLICY {} ON {}", policy.name, table_of(world, policy));
    if (policy.has("restrictive")) text += " AS RESTRICTIVE";
    if (policy.has("command")) text += " FOR " + policy.get("command");
    script.add(text + policy_clauses(policy),
               {{Risk::breaks_code, "Roles see or change other rows than before."}});
}

bool alter_policy(const Pair &pair) {
    if (pair.differs("restrictive") || pair.differs("command")) return false;
    for (std::string_view const clause : {"using", "with_check"})
        if (pair.from.has(clause) && !pair.to.has(clause)) return false;
    std::string text =
        fmt::format("ALTER POLICY {} ON {}", pair.to.name, table_of(pair.after, pair.to));
    if (pair.differs("roles"))
        text +=
            fmt::format("\n    TO {}", pair.to.has("roles") ? join(pair.to, "roles") : "PUBLIC");
    if (pair.differs("using")) text += fmt::format("\n    USING ({})", pair.to.get("using"));
    if (pair.differs("with_check"))
        text += fmt::format("\n    WITH CHECK ({})", pair.to.get("with_check"));
    pair.script.add(std::move(text),
                    {{Risk::breaks_code, "Roles see or change other rows than before."}});
    return true;
}

bool alter_statistics(const Pair &pair) {
    if (pair.differs("definition")) return false;
    if (pair.differs("target"))
        pair.script.add(fmt::format("ALTER STATISTICS {} SET STATISTICS {}", pair.to.identity,
                                    pair.to.has("target") ? pair.to.get("target") : "-1"));
    return true;
}

void set_default(const World &world, const Object &object, Pass pass, const std::string &what,
                 Script &script) {
    std::string const action = fmt::format("ALTER COLUMN {} {}", object.name, what);
    if (world[object.parent].kind == Kind::view)
        script.add(fmt::format("ALTER VIEW {} {}", world.home(object), action));
    else
        script.alter_table((world.has_heirs(object.parent) ? "ONLY " : "") + world.home(object),
                           pass, action);
}

void create_default(const World &world, const Object &object, Script &script) {
    set_default(world, object, Pass::value, "SET DEFAULT " + object.get("expression"), script);
}

}  // namespace

bool has_index(const Object &constraint) {
    return constraint.kind == Kind::constraint && constraint.get("type") != "check";
}

std::string constraint_clause(const Object &constraint) {
    std::string text =
        fmt::format("CONSTRAINT {} {}", constraint.name, constraint.get("definition"));
    if (has_index(constraint)) {
        std::size_t const where = before_where(constraint, text);
        text.insert(where, with_options(constraint) +
                               (constraint.has("tablespace")
                                    ? " USING INDEX TABLESPACE " + constraint.get("tablespace")
                                    : ""));
    }
    if (constraint.has("deferrable")) text += " " + constraint.get("deferrable");
    if (constraint.has("not_valid")) text += " NOT VALID";
    return text;
}

void finish_index(const World &world, const Object &index, Script &script) {
    std::string const prefix = "ALTER TABLE " + table_of(world, index);
    set_index_statistics(index, script);
    if (index.has("clustered")) script.add(fmt::format("{} CLUSTER ON {}", prefix, index.name));
    if (index.has("replica_identity"))
        script.add(fmt::format("{} REPLICA IDENTITY USING INDEX {}", prefix, index.name));
}

void create_table_part(const World &world, Ref ref, const Style &style, Script &script) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::default_value:
            return create_default(world, object, script);
        case Kind::constraint:
        case Kind::foreign_key:
            return create_constraint(world, object, style, script);
        case Kind::index:
            return create_index(world, object, style, script);
        case Kind::policy:
            return create_policy(world, object, script);
        case Kind::trigger:
        case Kind::rule:
            if (!object.has("clone")) script.add(object.get("definition"), {locks()});
            if (object.has("enabled"))
                set_enabled(world, object, object.kind == Kind::rule ? "RULE" : "TRIGGER", script);
            return;
        case Kind::statistics:
            script.add(object.get("definition"));
            if (object.has("target"))
                script.add(fmt::format("ALTER STATISTICS {} SET STATISTICS {}", object.identity,
                                       object.get("target")));
            return;
        case Kind::partition:
            script.add(fmt::format("ALTER TABLE {} ATTACH PARTITION {} {}", object.get("of"),
                                   table_of(world, object), object.get("bound")),
                       {scans(), fails()});
            return;
        case Kind::index_partition:
            script.add(fmt::format("ALTER INDEX {} ATTACH PARTITION {}", object.get("of"),
                                   object.get("index")));
            return;
        case Kind::sequence_owner:
            script.add(fmt::format("ALTER SEQUENCE {} OWNED BY {}", table_of(world, object),
                                   object.get("column")));
            return;
        default:
            return;
    }
}

void drop_table_part(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    std::string const table = world.home(object);
    switch (object.kind) {
        case Kind::default_value:
            return set_default(world, object, Pass::drop, "DROP DEFAULT", script);
        case Kind::constraint:
        case Kind::foreign_key:
            script.alter_table(table, Pass::drop, "DROP CONSTRAINT " + object.name, {locks()});
            return;
        case Kind::index:
            script.add("DROP INDEX " + object.identity, {no_longer_used()});
            return;
        case Kind::policy:
        case Kind::rule:
            script.add(fmt::format("DROP {} {} ON {}", info(object.kind).noun, object.name, table),
                       {locks()});
            return;
        case Kind::trigger:
            if (object.has("clone"))  // the other clones of its parent are enabled
                script.add(fmt::format("ALTER TABLE {} ENABLE TRIGGER {}", table, object.name));
            else
                script.add(fmt::format("DROP TRIGGER {} ON {}", object.name, table), {locks()});
            return;
        case Kind::inheritance:
            script.add(fmt::format("ALTER TABLE {} NO INHERIT {}", table, object.get("of")),
                       {{Risk::breaks_code, "Queries of the parent no longer find these rows."}});
            return;
        case Kind::partition:
            script.add(fmt::format("ALTER TABLE {} DETACH PARTITION {}", object.get("of"), table),
                       {{Risk::breaks_code, "Queries of the parent no longer find these rows."}});
            return;
        case Kind::sequence_owner:
            script.add(fmt::format("ALTER SEQUENCE {} OWNED BY NONE", table));
            return;
        default:
            return;  // an index stays attached until it is dropped
    }
}

void drop_concurrently(const World &world, Ref index, Script &script) {
    script.add("DROP INDEX CONCURRENTLY " + world[index].identity, {no_longer_used()})
        .transactional = false;
}

bool alter_table_part(const Pair &pair) {
    switch (pair.to.kind) {
        case Kind::default_value:
            create_default(pair.after, pair.to, pair.script);
            return true;
        case Kind::constraint:
        case Kind::foreign_key:
            if (!alter_constraint(pair)) return false;
            alter_marks(pair);
            return true;
        case Kind::index:
            return alter_index(pair);
        case Kind::policy:
            return alter_policy(pair);
        case Kind::trigger:
            return alter_trigger(pair);
        case Kind::rule:
            return alter_rule(pair);
        case Kind::statistics:
            return alter_statistics(pair);
        case Kind::sequence_owner:
            // It belongs to whom its table belongs to, and goes to nobody else's.
            if (!same(pair.before[pair.from.parent], pair.after[pair.to.parent], "owner"))
                return false;
            create_table_part(pair.after, pair.after.snapshot().ref(pair.to), pair.style,
                              pair.script);
            return true;
        default:
            return false;
    }
}

}  // namespace migrate::schema
