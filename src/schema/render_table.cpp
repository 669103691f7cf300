// Tables, their columns and defaults.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "schema/conversion.hpp"
#include "schema/counting.hpp"
#include "schema/heirs.hpp"
#include "schema/render_kinds.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

const char *const kLockText = "Readers and writers of the table wait until it is done.";
const char *const kScanText = "All rows are read while readers and writers wait.";
const char *const kRewriteText = "The table is written anew while readers and writers wait.";

Hazard locks() {
    return {Risk::locks, kLockText};
}

bool is_partitioned(const World &world, const Object &column) {
    return world[column.parent].has("partition_by");
}

// For what would otherwise reach the children, which are compared by themselves.
std::string only(const World &world, const Object &table) {
    Ref const ref = world.snapshot().ref(table);
    return world.has_heirs(ref) && !table.has("partition_by") ? "ONLY " : "";
}

std::string table_of(const World &world, const Object &column) {
    return only(world, world[column.parent]) + world.home(column);
}

std::string type_of(const Object &column) {
    std::string text = column.get("type");
    if (column.has("collation")) text += " COLLATE " + column.get("collation");
    return text;
}

std::string identity_clause(const Object &column) {
    std::vector<std::string> options = sequence_options(column);
    if (column.has("sequence_name"))
        options.insert(options.begin(), "SEQUENCE NAME " + column.get("sequence_name"));
    return fmt::format("GENERATED {} AS IDENTITY{}", column.get("identity_kind"),
                       options.empty() ? "" : fmt::format(" ({})", fmt::join(options, " ")));
}

// All that CREATE TABLE and ADD COLUMN say of a column. `with_default`: its own object, or kNone.
std::string column_clause(const World &world, const Object &column, Ref with_default) {
    std::string text = column.name + " " + column.get("type");
    if (column.has("foreign_options")) text += foreign_options(column, "foreign_options");
    if (column.has("compression")) text += " COMPRESSION " + column.get("compression");
    if (column.has("collation")) text += " COLLATE " + column.get("collation");
    if (column.has("generated"))
        text += fmt::format(" GENERATED ALWAYS AS ({}) STORED", column.get("generated"));
    if (column.has("identity_kind")) text += " " + identity_clause(column);
    if (with_default != kNone) text += " DEFAULT " + world[with_default].get("expression");
    if (column.has("not_null")) text += " NOT NULL";
    return text;
}

// The part that is the default of the column, kNone when there is none.
Ref default_in(const World &world, const Parts &parts, const Object &column) {
    for (Ref const part : parts)
        if (world[part].kind == Kind::default_value && world[part].parent == column.parent &&
            world[part].name == column.name)
            return part;
    return kNone;
}

// The tables it is made as a child of: INHERITS, in their order.
std::string inherits(const World &world, const Parts &parts) {
    std::string text;
    for (Ref const part : parts)
        if (world[part].kind == Kind::inheritance)
            text += (text.empty() ? "" : ", ") + world[part].get("of");
    return text.empty() ? "" : fmt::format("\nINHERITS ({})", text);
}

void set_column(const World &world, const Object &column, Pass pass, const std::string &what,
                Script &script, std::vector<Hazard> hazards = {}) {
    script.alter_table(table_of(world, column), pass,
                       fmt::format("ALTER COLUMN {} {}", column.name, what), std::move(hazards));
}

std::string or_default(const Object &object, std::string_view attribute, const char *otherwise) {
    return object.has(attribute) ? object.get(attribute) : otherwise;
}

void set_persistence(const std::string &sequence, const std::string &persistence, Script &script) {
    script.add(fmt::format("ALTER SEQUENCE {} SET {}", sequence, persistence));
}

void alter_identity(const Pair &pair) {
    const Object &from = pair.from;
    const Object &to = pair.to;
    if (!to.has("identity_kind")) {
        set_column(pair.after, to, Pass::alone, "DROP IDENTITY", pair.script,
                   {{Risk::breaks_code, "New rows must bring their own value."}});
        return;
    }
    if (!from.has("identity_kind")) {
        set_column(pair.after, to, Pass::alone, "ADD " + identity_clause(to), pair.script,
                   {locks()});
        finish_identity(to, pair.script);
        std::string const sequence = sequence_of_column(pair.after, to);
        Ref const old = counted_with(pair.before, pair.before.snapshot().ref(from));
        if (old == kNone) {
            count_from_values(pair.after, to, sequence, to, pair.script);
            return;
        }
        const Object &counter = pair.before[old];
        bool const goes =
            sequence_given_up(pair.before, pair.before.snapshot().ref(from), pair.after) != kNone;
        count_on_from(goes ? identity_aside(counter) : counter.identity, sequence, to, pair.script);
        return;
    }
    std::vector<std::string> options = changed_sequence_options(pair, "SET ");
    if (pair.differs("identity_kind"))
        options.insert(options.begin(), "SET GENERATED " + to.get("identity_kind"));
    if (!options.empty())
        set_column(pair.after, to, Pass::alone, fmt::format("{}", fmt::join(options, " ")),
                   pair.script, hazards_of_counting(pair));
    if (pair.differs("sequence_type"))
        pair.script.add(
            fmt::format("ALTER SEQUENCE {} AS {}", from.get(".sequence"),
                        to.has("sequence_type") ? to.get("sequence_type") : to.get("type")));
    const Object &table = pair.after[to.parent];
    if (to.has("sequence_persistence") && pair.differs("sequence_persistence"))
        set_persistence(from.get(".sequence"), to.get("sequence_persistence"), pair.script);
    else if (pair.differs("sequence_persistence") &&
             same(pair.before[from.parent], table, "persistence"))
        set_persistence(from.get(".sequence"), or_default(table, "persistence", "LOGGED"),
                        pair.script);
    if (pair.differs("sequence_name")) {
        std::string const &name = to.get(".sequence");
        pair.script.add(fmt::format("ALTER SEQUENCE {} RENAME TO {}", from.get(".sequence"),
                                    name.substr(last_part(name))));
    }
}

// Columns that are inherited, also when the table has declared them too, change with those of the
// parent.
bool changes_with_parent(const Pair &pair, std::string_view attribute) {
    bool const inherited = pair.from.has(".inherited") && pair.to.has(".inherited");
    if (!inherited && attribute != "type" && attribute != "collation") return false;
    for (Ref const child : pair.after.children(pair.to.parent)) {
        const Object &link = pair.after[child];
        if (!links_tables(link.kind)) continue;
        if (!is_kept(link, pair.before)) continue;
        Ref const now = same_of_parent(pair.after, link, pair.to);
        Ref const then = same_of_parent(pair.before, link, pair.to);
        if (now == kNone || then == kNone) continue;
        if (same(pair.after[now], pair.to, attribute) &&
            !same(pair.before[then], pair.after[now], attribute))
            return true;
    }
    return false;
}

// Columns of typed tables change with the attributes.
bool changes_with_type(const Pair &pair) {
    Ref const from = attribute_of(pair.before, pair.before.snapshot().ref(pair.from));
    Ref const to = attribute_of(pair.after, pair.after.snapshot().ref(pair.to));
    return from != kNone && to != kNone && same(pair.before[from], pair.from, "type") &&
           same(pair.after[to], pair.to, "type");
}

// PostgreSQL takes no expression for what computes its values, or has none of its own.
bool takes_expression(const World &world, const Object &column) {
    return !column.has("generated") && world[column.parent].kind != Kind::foreign_table;
}

bool is_indexed(const World &world, const Object &column) {
    auto const &users = world.dependants(world.snapshot().ref(column));
    return std::any_of(users.begin(), users.end(), [&](Ref user) {
        return world[user].kind == Kind::index || has_index(world[user]);
    });
}

void alter_type_of_column(const Pair &pair) {
    if (changes_with_parent(pair, "type") || changes_with_parent(pair, "collation") ||
        changes_with_type(pair))
        return;
    std::vector<Hazard> hazards = {{Risk::rewrites, kRewriteText}};
    Conversion conversion = convert_column(pair.before, pair.from, pair.after, pair.to,
                                           *pair.style.casts, pair.style.renewed);
    if (!takes_expression(pair.after, pair.to)) {
        conversion.value.clear();
        conversion.functions.clear();
    }
    std::string const &type = pair.to.get("type");
    if (!pair.style.renewed && keeps_values(pair.from.get("type"), type)) {
        hazards = {locks()};
        if (pair.differs("collation") && is_indexed(pair.before, pair.from))
            hazards.push_back(
                {Risk::scans, "Its indexes are built anew while readers and writers wait."});
    } else if (conversion.rounds) {
        hazards.push_back(
            {Risk::loses_data, fmt::format("Values are rounded or cut to what {} holds.", type)});
        if (is_integer(type))
            hazards.push_back({Risk::may_fail, "Fails on values that are too large for it."});
    } else if (conversion.fails) {
        hazards.push_back(
            {Risk::may_fail, pair.style.renewed
                                 ? "Fails on values that the new type does not have."
                                 : fmt::format("Fails on values that are no {}.", type)});
    }
    if (retypes(pair.from, pair.to))
        hazards.push_back({Risk::breaks_code, "Running programs may expect the old type."});
    for (auto const &function : conversion.functions) pair.script.add(function.create);
    // Reaches the children: those of an inherited column must change at once.
    pair.script.alter_table(
        pair.after.home(pair.to), Pass::type,
        fmt::format("ALTER COLUMN {} TYPE {}{}", pair.to.name, type_of(pair.to),
                    conversion.value.empty() ? "" : " USING " + conversion.value),
        std::move(hazards));
    for (auto const &function : conversion.functions) pair.script.add(function.drop);
}

// For a constraint that is only there for a while.
std::string free_name(const Pair &pair, const std::string &column) {
    auto const is_taken = [](const World &world, Ref table, const std::string &name) {
        auto const &parts = world.children(table);
        return std::any_of(parts.begin(), parts.end(),
                           [&](Ref part) { return world[part].name == name; });
    };
    for (int i = 0;; i++) {
        std::string name =
            suffixed(column, i == 0 ? "_not_null_check" : fmt::format("_not_null_check{}", i));
        if (!is_taken(pair.before, pair.from.parent, name) &&
            !is_taken(pair.after, pair.to.parent, name))
            return name;
    }
}

void alter_not_null(const Pair &pair) {
    const Object &to = pair.to;
    if (changes_with_parent(pair, "not_null")) return;
    if (!to.has("not_null")) {
        set_column(pair.after, to, Pass::drop, "DROP NOT NULL", pair.script, {locks()});
        return;
    }
    Hazard const fails{Risk::may_fail, fmt::format("Fails while {} holds a null value.", to.name)};
    // A check of one table alone is none of its children, which it would have to reach.
    if (!pair.style.online || is_partitioned(pair.after, to) || pair.after.has_heirs(to.parent)) {
        set_column(pair.after, to, Pass::attribute, "SET NOT NULL", pair.script,
                   {{Risk::scans, kScanText}, fails});
        return;
    }
    std::string const table = "ALTER TABLE " + table_of(pair.after, to);
    std::string const check = free_name(pair, to.name);
    pair.script.add(
        fmt::format("{} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", table, check, to.name),
        {locks()});
    pair.script.add(fmt::format("{} VALIDATE CONSTRAINT {}", table, check), {fails});
    set_column(pair.after, to, Pass::alone, "SET NOT NULL", pair.script, {locks()});
    pair.script.add(fmt::format("{} DROP CONSTRAINT {}", table, check), {locks()});
}

}  // namespace

void finish_identity(const Object &column, Script &script) {
    std::string const &sequence = column.get(".sequence");
    if (column.has("sequence_type"))
        script.add(fmt::format("ALTER SEQUENCE {} AS {}", sequence, column.get("sequence_type")));
    if (column.has("sequence_persistence"))
        set_persistence(sequence, column.get("sequence_persistence"), script);
}

void finish_column(const World &world, const Object &column, Script &script) {
    if (column.has("storage"))
        set_column(world, column, Pass::rest, "SET STORAGE " + column.get("storage"), script);
    if (column.has("statistics"))
        set_column(world, column, Pass::rest, "SET STATISTICS " + column.get("statistics"), script);
    if (column.has("options"))
        set_column(world, column, Pass::rest, fmt::format("SET ({})", join(column, "options")),
                   script);
}

namespace {

// Of PostgreSQL and its extensions; those of the user say it themselves.
constexpr std::string_view kVolatile[] = {
    "nextval(",          "gen_random_uuid(",  "clock_timestamp(",
    "random(",           "timeofday(",        "uuid_generate_v1(",
    "uuid_generate_v4(", "gen_random_bytes(", "pg_current_xact_id("};

bool is_volatile(const Object &function) {
    std::string const &definition = function.get("definition");
    std::string_view const head =
        std::string_view(definition)
            .substr(0, std::min(definition.find("\nAS "), definition.size()));
    return head.find(" IMMUTABLE") == std::string_view::npos &&
           head.find(" STABLE") == std::string_view::npos;
}

bool gives_other_values(const World &world, const Object &value) {
    std::string const &text = value.get(value.kind == Kind::domain ? "default" : "expression");
    return std::any_of(
               std::begin(kVolatile), std::end(kVolatile),
               [&](std::string_view call) { return text.find(call) != std::string::npos; }) ||
           std::any_of(value.needs.begin(), value.needs.end(), [&](Ref need) {
               return world[need].kind == Kind::function && is_volatile(world[need]);
           });
}

// A column that is the same in all rows is not written (ATExecAddColumn()).
bool is_written(const World &world, const Object &column, Ref value) {
    if (column.has("generated") || column.has("identity_kind")) return true;
    if (value != kNone && gives_other_values(world, world[value])) return true;
    Ref const domain = world.snapshot().find(Kind::domain, column.get("type"));
    if (domain == kNone) return false;
    return world[domain].has("not_null") || !world.children(domain).empty() ||
           (value == kNone && gives_other_values(world, world[domain]));
}

}  // namespace

void create_column(const World &world, Ref ref, const Parts &parts, const Style &style,
                   Script &script) {
    const Object &column = world[ref];
    const Object &table = world[column.parent];
    if (table.kind == Kind::view || table.kind == Kind::materialized_view) {
        finish_column(world, column, script);
        return;
    }
    bool const partitioned = table.has("partition_by");
    if (column.has("identity_kind") && world.has_heirs(column.parent) &&
        !(partitioned && style.version >= 17)) {
        // Those who inherit get the column, but not what makes its values.
        script.add(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", table.identity, column.name,
                               type_of(column)),
                   {locks()});
        script.add(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL",
                               partitioned ? table.identity : table_of(world, column), column.name),
                   {{Risk::may_fail, "Fails where the table has rows."}});
        set_column(world, column, Pass::alone, "ADD " + identity_clause(column), script);
        finish_column(world, column, script);
        return;
    }
    std::vector<Hazard> hazards = {locks()};
    Ref const value = default_in(world, parts, column);
    if (column.has("not_null") && value == kNone && !column.has("identity_kind") &&
        !column.has("generated"))
        hazards.push_back(
            {Risk::may_fail,
             fmt::format("Fails where the table has rows: {} has no default.", column.name)});
    if (is_written(world, column, value)) hazards[0] = {Risk::rewrites, kRewriteText};
    script.alter_table(table.identity, column.has("identity_kind") ? Pass::alone : Pass::column,
                       "ADD COLUMN " + column_clause(world, column, value), std::move(hazards));
    finish_column(world, column, script);
}

void drop_column(const World &world, Ref ref, bool only, Script &script) {
    const Object &column = world[ref];
    const Object &table = world[column.parent];
    if (table.kind == Kind::view || table.kind == Kind::materialized_view) return;
    script.alter_table(
        (only ? "ONLY " : "") + table.identity, Pass::drop, "DROP COLUMN " + column.name,
        {{Risk::loses_data, fmt::format("The values of {} are gone.", column.identity)},
         {Risk::breaks_code, "Running programs may still name the column."},
         locks()});
}

// INHERIT wants the parts to be there, and takes them for the table's own then. It leaves those
// alone that come from another parent: an empty one, for as long as this takes.
void create_inheritance(const World &world, Ref ref, const Parts &parts, Script &script) {
    const Object &link = world[ref];
    const Object &table = world[link.parent];
    std::string const prefix = "ALTER TABLE " + table.identity;
    std::string const inherit = fmt::format("{} INHERIT {}", prefix, link.get("of"));
    std::vector<std::string> added;
    // A check names columns that may be there already: they are merged.
    std::set<Ref> named;
    for (Ref const part : parts)
        if (world[part].kind == Kind::constraint)
            for (Ref const need : world[part].needs)
                if (world[need].kind == Kind::column && world[need].parent == link.parent)
                    named.insert(need);
    for (Ref const column : named)
        if (std::find(parts.begin(), parts.end(), column) == parts.end())
            added.push_back(
                fmt::format("ADD COLUMN {} {}", world[column].name, type_of(world[column])));
    for (Ref const part : parts) {
        const Object &object = world[part];
        if (object.kind == Kind::column)
            added.push_back("ADD COLUMN " +
                            column_clause(world, object, default_in(world, parts, object)));
        else if (object.kind == Kind::constraint)
            added.push_back("ADD " + constraint_clause(object));
    }
    if (added.empty()) {
        script.add(inherit, {locks()});
        return;
    }
    std::string const helper = table.schema + "." + suffixed(table.name, "_inherited");
    script.add(fmt::format("CREATE TABLE {} ()", helper));
    script.add(fmt::format("{} INHERIT {}", prefix, helper), {locks()});
    script.add(fmt::format("ALTER TABLE {}\n    {}", helper, fmt::join(added, ",\n    ")),
               {{Risk::may_fail, "Fails on rows that do not fit."}, locks()});
    script.add(inherit, {locks()});
    script.add(fmt::format("{} NO INHERIT {}", prefix, helper), {locks()});
    script.add("DROP TABLE " + helper);
    for (Ref const part : parts)
        if (world[part].kind == Kind::column) finish_column(world, world[part], script);
}

void create_table(const World &world, Ref ref, const Parts &parts, const Style &, Script &script) {
    const Object &table = world[ref];
    std::vector<std::string> lines;
    std::vector<Ref> finish;
    bool const from_type = table.has("of_type");
    for (Ref const part : parts) {
        const Object &object = world[part];
        if (object.kind == Kind::column) {
            finish.push_back(part);
            if (object.has(".inherited") && !object.has(".in_partition")) continue;
            Ref const value = default_in(world, parts, object);
            if (!from_type) {
                lines.push_back(column_clause(world, object, value));
            } else if (value != kNone || object.has("not_null")) {
                lines.push_back(
                    fmt::format("{} WITH OPTIONS{}{}", object.name,
                                value == kNone ? "" : " DEFAULT " + world[value].get("expression"),
                                object.has("not_null") ? " NOT NULL" : ""));
            }
        } else if (object.kind == Kind::constraint || object.kind == Kind::foreign_key) {
            if (object.has(".inherited") && !object.has(".in_partition")) continue;
            lines.push_back(constraint_clause(object));
        }
    }
    std::string text = "CREATE ";
    if (table.has("persistence")) text += table.get("persistence") + " ";
    text += fmt::format("{} {}", info(table.kind).noun, table.identity);
    if (from_type) text += " OF " + table.get("of_type");
    if (!lines.empty())
        text += fmt::format(" (\n    {}\n)", fmt::join(lines, ",\n    "));
    else if (!from_type)
        text += " ()";
    text += inherits(world, parts);
    if (table.has("partition_by")) text += "\nPARTITION BY " + table.get("partition_by");
    if (table.has("server"))
        text += fmt::format("\nSERVER {}{}", table.get("server"),
                            foreign_options(table, "foreign_options"));
    if (table.has("access_method")) text += "\nUSING " + table.get("access_method");
    std::string options = join(table, "options");
    if (table.has("toast_options"))
        options += (options.empty() ? "" : ", ") + join(table, "toast_options");
    if (!options.empty()) text += fmt::format("\nWITH ({})", options);
    if (table.has("tablespace")) text += "\nTABLESPACE " + table.get("tablespace");
    script.add(std::move(text));
    for (Ref const column : finish) {
        const Object &object = world[column];
        finish_column(world, object, script);
        if (!object.has(".inherited") || object.has(".in_partition")) continue;
        // What it does not have from its parent; the same again does no harm.
        Ref const value = default_in(world, parts, object);
        if (value != kNone)
            set_column(world, object, Pass::value, "SET DEFAULT " + world[value].get("expression"),
                       script);
        if (object.has("not_null") && object.has(".own_not_null"))
            set_column(world, object, Pass::attribute, "SET NOT NULL", script);
    }
    for (Ref const part : parts)
        if (world[part].kind == Kind::constraint) finish_index(world, world[part], script);
    std::string const prefix = "ALTER TABLE " + table.identity;
    if (table.has("replica_identity") && table.get("replica_identity") != "INDEX")
        script.add(fmt::format("{} REPLICA IDENTITY {}", prefix, table.get("replica_identity")));
    if (table.has("row_security")) script.add(prefix + " ENABLE ROW LEVEL SECURITY");
    if (table.has("force_row_security")) script.add(prefix + " FORCE ROW LEVEL SECURITY");
}

bool alter_table(const Pair &pair) {
    const Object &to = pair.to;
    // A table of another kind is another table; so is one that is partitioned by something else.
    if (pair.differs("partition_by") || pair.differs("partition_key") || pair.differs("server"))
        return false;
    // SET LOGGED does nothing with one that has no rows of its own.
    if (pair.differs("persistence") && to.has("partition_by")) return false;
    std::string const prefix = "ALTER TABLE " + to.identity;
    Script &script = pair.script;
    if (pair.differs("of_type"))
        script.add(to.has("of_type") ? fmt::format("{} OF {}", prefix, to.get("of_type"))
                                     : prefix + " NOT OF",
                   {locks()});
    if (pair.differs("access_method"))
        script.alter_table(to.identity, Pass::rest,
                           "SET ACCESS METHOD " + or_default(to, "access_method", "heap"),
                           {{Risk::rewrites, kRewriteText}});
    if (pair.differs("persistence"))
        script.alter_table(to.identity, Pass::rest,
                           "SET " + or_default(to, "persistence", "LOGGED"),
                           {{Risk::rewrites, kRewriteText}});
    if (pair.differs("tablespace"))
        script.add(
            fmt::format("{} SET TABLESPACE {}", prefix, or_default(to, "tablespace", "pg_default")),
            {to.has("partition_by")  // new partitions will be there
                 ? locks()
                 : Hazard{Risk::rewrites, "The table is copied while readers and writers wait."}});
    alter_storage_options(pair, "options", prefix);
    alter_storage_options(pair, "toast_options", prefix);
    if (std::string options = changed_foreign_options(pair, "foreign_options"); !options.empty())
        script.add("ALTER FOREIGN TABLE " + to.identity + options);
    if (pair.differs("replica_identity") && to.get("replica_identity") != "INDEX")
        script.add(fmt::format("{} REPLICA IDENTITY {}", prefix,
                               or_default(to, "replica_identity", "DEFAULT")),
                   {locks()});
    if (pair.differs("row_security"))
        script.add(fmt::format("{} {} ROW LEVEL SECURITY", prefix,
                               to.has("row_security") ? "ENABLE" : "DISABLE"),
                   {locks(), {Risk::breaks_code, "Roles see other rows than before."}});
    if (pair.differs("force_row_security"))
        script.add(fmt::format("{} {} ROW LEVEL SECURITY", prefix,
                               to.has("force_row_security") ? "FORCE" : "NO FORCE"),
                   {locks()});
    return true;
}

bool retypes(const Object &from, const Object &to) {
    return (from.kind == Kind::column || from.kind == Kind::attribute) &&
           (!same(from, to, "type") || !same(from, to, "collation"));
}

bool alter_column(const Pair &pair) {
    const Object &from = pair.from;
    const Object &to = pair.to;
    if (pair.differs("generated") && to.has("generated")) {
        if (!from.has("generated") || pair.style.version < 17) return false;
        set_column(pair.after, to, Pass::alone,
                   fmt::format("SET EXPRESSION AS ({})", to.get("generated")), pair.script,
                   {{Risk::rewrites, kRewriteText}});
    }
    // Reaches the children, and has to.
    if (pair.differs("generated") && !to.has("generated") &&
        !changes_with_parent(pair, "generated"))
        pair.script.add(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP EXPRESSION",
                                    pair.after.home(to), to.name),
                        {locks()});
    // What the sequence counts through fits the old type and the new one.
    bool const narrows = from.has("identity_kind") && to.has("identity_kind") &&
                         widens(to.get("type"), from.get("type"));
    if (from.has("identity_kind") && (narrows || !to.has("identity_kind"))) alter_identity(pair);
    // First what its ALTER TABLE does first, too: they are one.
    if (pair.differs("not_null") && !to.has("not_null")) alter_not_null(pair);
    if (retypes(from, to) || pair.style.renewed) alter_type_of_column(pair);
    if (pair.differs("not_null") && to.has("not_null")) alter_not_null(pair);
    if (to.has("identity_kind") && !narrows) alter_identity(pair);
    // Another type brings its own.
    if (pair.differs("storage") && (to.has("storage") || !retypes(from, to)))
        set_column(pair.after, to, Pass::rest,
                   "SET STORAGE " + or_default(to, "storage", to.get(".default_storage").c_str()),
                   pair.script);
    if (pair.differs("compression"))
        set_column(pair.after, to, Pass::rest,
                   "SET COMPRESSION " + or_default(to, "compression", "default"), pair.script);
    if (pair.differs("statistics"))
        set_column(pair.after, to, Pass::rest,
                   "SET STATISTICS " + or_default(to, "statistics", "-1"), pair.script);
    alter_storage_options(
        pair, "options",
        fmt::format("ALTER TABLE {} ALTER COLUMN {}", table_of(pair.after, to), to.name));
    if (std::string options = changed_foreign_options(pair, "foreign_options"); !options.empty())
        set_column(pair.after, to, Pass::alone, options.substr(1), pair.script);
    return true;
}

bool moves_by_text(Kind kind) {
    return kind == Kind::range || kind == Kind::base_type;
}

void convert_to_text(const World &world, Ref column, Script &script) {
    const Object &object = world[column];
    script.alter_table(
        world.home(object), Pass::type,
        fmt::format("ALTER COLUMN {} TYPE text USING {}::text", object.name, object.name),
        {{Risk::rewrites, kRewriteText}});
}

}  // namespace migrate::schema
