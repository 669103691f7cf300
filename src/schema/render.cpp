#include "schema/render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "schema/conversion.hpp"
#include "schema/render_kinds.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

// Attributes that describe() and change_description() take care of.
constexpr std::string_view kDescriptions[] = {"owner", "acl", "comment", "labels",
                                              "depends_on_extension"};

bool only_description_differs(const Object &from, const Object &to) {
    for (std::string_view const name : differences(from, to))
        if (std::find(std::begin(kDescriptions), std::end(kDescriptions), name) ==
            std::end(kDescriptions))
            return false;
    return true;
}

bool alter_definition(const Pair &pair) {
    switch (pair.to.kind) {
        case Kind::table:
        case Kind::foreign_table:
            return alter_table(pair);
        case Kind::column:
            return alter_column(pair);
        case Kind::default_value:
        case Kind::constraint:
        case Kind::foreign_key:
        case Kind::index:
        case Kind::partition:
        case Kind::index_partition:
        case Kind::inheritance:
        case Kind::sequence_owner:
        case Kind::statistics:
        case Kind::rule:
        case Kind::trigger:
        case Kind::policy:
            return alter_table_part(pair);
        case Kind::shell_type:
        case Kind::enumeration:
        case Kind::domain:
        case Kind::composite:
        case Kind::attribute:
        case Kind::range:
        case Kind::base_type:
        case Kind::domain_constraint:
            return alter_type(pair);
        case Kind::view:
        case Kind::materialized_view:
            return alter_view(pair);
        case Kind::function:
        case Kind::procedure:
        case Kind::aggregate:
            return alter_routine(pair);
        case Kind::sequence:
            return alter_sequence(pair);
        default:
            return alter_other(pair);
    }
}

// An aggregate of rows is named without its star but by DROP and the like.
std::string without_star(std::string identity) {
    if (identity.ends_with("(*)")) identity.erase(identity.size() - 2, 1);
    return identity;
}

// What the object is called in GRANT.
Grantable grantable(const World &world, const Object &object) {
    if (object.kind == Kind::member)
        return {object.get("target"), object.get("columns"), object.get("letter")[0],
                object.get("owner")};
    if (object.kind == Kind::column) {
        const Object &table = world[object.parent];
        return {"TABLE " + table.identity, fmt::format(" ({})", object.name), 'c',
                table.get("owner")};
    }
    KindInfo const &kind = info(object.kind);
    return {fmt::format("{} {}", kind.grants_on, without_star(object.identity)), "", kind.acl,
            object.get("owner")};
}

void comment_on(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    script.add(fmt::format("COMMENT ON {} IS {}", target_of(world, ref),
                           object.has("comment") ? literal(object.get("comment")) : "NULL"));
}

void comment_on_piece(const std::string &piece, const std::string &comment, Script &script) {
    script.add(
        fmt::format("COMMENT ON {} IS {}", piece, comment.empty() ? "NULL" : literal(comment)));
}

// An item of "labels": provider, then the label.
void label(const World &world, Ref ref, std::string_view provider, const std::string &value,
           Script &script) {
    script.add(
        fmt::format("SECURITY LABEL FOR {} ON {} IS {}", provider, target_of(world, ref), value));
}

void label_all(const World &before, Ref from, const World &world, Ref ref, Script &script) {
    auto const parts = [](std::string_view item) {
        std::size_t const at = item.find(kPart);
        return std::pair{item.substr(0, at), item.substr(at + 1)};
    };
    auto const after = world[ref].list("labels");
    if (from != kNone)
        for (std::string_view const item : before[from].list("labels")) {
            auto const same_provider = [&](std::string_view other) {
                return parts(other).first == parts(item).first;
            };
            if (!item.empty() && std::none_of(after.begin(), after.end(), same_provider))
                label(world, ref, parts(item).first, "NULL", script);
        }
    for (std::string_view const item : after)
        if (!item.empty())
            label(world, ref, parts(item).first, literal(parts(item).second), script);
}

// With which extensions it goes. Some forms of CREATE OR REPLACE forget that: `from` is kNone then.
void attach_to_extensions(const World &before, Ref from, const World &world, Ref ref,
                          Script &script) {
    const Object &object = world[ref];
    std::string const target = object.kind == Kind::aggregate
                                   ? without_star("FUNCTION " + object.identity)
                                   : target_of(world, ref);
    auto const say = [&](const char *word, std::string_view extension) {
        script.add(fmt::format("ALTER {}{} DEPENDS ON EXTENSION {}", target, word, extension));
    };
    using Names = std::vector<std::string_view>;
    Names const old = from == kNone ? Names() : before[from].list("depends_on_extension");
    Names const now = object.list("depends_on_extension");
    auto const is_in = [](const Names &names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (std::string_view const extension : old)
        if (!is_in(now, extension)) say(" NO", extension);
    for (std::string_view const extension : now)
        if (!is_in(old, extension)) say("", extension);
}

bool forgets_extensions(const Pair &pair) {
    switch (pair.to.kind) {
        case Kind::function:
        case Kind::procedure:
        case Kind::aggregate:
        case Kind::trigger:
            return pair.differs("definition");
        default:
            return false;
    }
}

void change_owner(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    script.add(fmt::format("ALTER {} {} OWNER TO {}",
                           object.kind == Kind::aggregate ? "AGGREGATE" : info(object.kind).noun,
                           object.identity, object.get("owner")),
               {{Risk::breaks_code, "Other roles may change it now."}});
}

// A sequence that belongs to a column has its table's owner.
bool follows_table(const World &before, Ref from, const World &after, Ref to) {
    if (after[to].kind != Kind::sequence) return false;
    auto const &links = before.children(from);
    auto const &now = after.children(to);
    return !links.empty() && !now.empty() &&
           same(before[links.front()], after[now.front()], "column");
}

}  // namespace

bool is_inline(const Object &part) {
    switch (part.kind) {
        case Kind::column:
        case Kind::attribute:
        case Kind::inheritance:
            return true;
        case Kind::default_value:
            return true;
        case Kind::domain_constraint:
        case Kind::constraint:
            return !part.has("not_valid");
        default:
            return false;
    }
}

void create(const World &world, Ref ref, const Parts &parts, const Style &style, Script &script) {
    switch (world[ref].kind) {
        case Kind::table:
        case Kind::foreign_table:
            return create_table(world, ref, parts, style, script);
        case Kind::column:
            return create_column(world, ref, parts, style, script);
        case Kind::inheritance:
            return create_inheritance(world, ref, parts, script);
        case Kind::default_value:
        case Kind::constraint:
        case Kind::foreign_key:
        case Kind::index:
        case Kind::partition:
        case Kind::index_partition:
        case Kind::sequence_owner:
        case Kind::statistics:
        case Kind::rule:
        case Kind::trigger:
        case Kind::policy:
            return create_table_part(world, ref, style, script);
        case Kind::shell_type:
        case Kind::enumeration:
        case Kind::domain:
        case Kind::composite:
        case Kind::attribute:
        case Kind::range:
        case Kind::base_type:
        case Kind::domain_constraint:
            return create_type(world, ref, parts, style, script);
        case Kind::view:
            return create_view(world, ref, script, false);
        case Kind::materialized_view:
            return create_materialized_view(world, ref, style, script);
        case Kind::function:
        case Kind::procedure:
        case Kind::aggregate:
            return create_routine(world[ref], script);
        case Kind::sequence:
            return create_sequence(world[ref], script);
        default:
            return create_other(world, ref, style, script);
    }
}

void drop(const World &world, Ref ref, bool cascade, Script &script) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::column:
            return drop_column(world, ref, false, script);
        case Kind::attribute:
        case Kind::domain_constraint:
            return drop_type_part(world, ref, script);
        case Kind::default_value:
        case Kind::constraint:
        case Kind::foreign_key:
        case Kind::partition:
        case Kind::index_partition:
        case Kind::inheritance:
        case Kind::sequence_owner:
        case Kind::rule:
        case Kind::trigger:
        case Kind::index:
        case Kind::policy:
            return drop_table_part(world, ref, script);
        case Kind::publication_table:
        case Kind::publication_schema:
        case Kind::subscription:
        case Kind::default_privileges:
            return drop_other(world, ref, script);
        case Kind::member:
            return change_acl(grantable(world, object), parse_acl(object),
                              initial_acl_of_member(object), script);
        default:
            break;
    }
    std::vector<Hazard> hazards;
    if (object.kind == Kind::table)
        hazards = {{Risk::loses_data, fmt::format("The rows of {} are gone.", object.identity)},
                   {Risk::breaks_code, "Running programs may still use it."}};
    else if (object.kind == Kind::sequence)
        hazards = {{Risk::loses_data, "Where it has counted to is forgotten."}};
    else
        hazards = {{Risk::breaks_code, "Running programs may still use it."}};
    script.add(fmt::format("DROP {} {}{}", info(object.kind).noun, object.identity,
                           cascade || object.has(".shell") ? " CASCADE" : ""),
               std::move(hazards));
}

void describe(const World &world, Ref ref, const Acl &initial, const Style &style, Script &script) {
    const Object &object = world[ref];
    if (object.kind == Kind::default_privileges) return;
    if (object.has("owner") && object.get("owner") != style.role && object.kind != Kind::member)
        change_owner(world, ref, script);
    Grantable const on = grantable(world, object);
    if (on.letter != 0 && !on.target.starts_with(' ')) {
        Acl const now = object.kind == Kind::column || object.kind == Kind::member
                            ? initial
                            : with_owner(initial, style.role, object.get("owner"));
        change_acl(on, now, acl_of(object), script);
    }
    // CREATE EXTENSION makes one.
    if (object.get("comment") != object.get(".initial_comment")) comment_on(world, ref, script);
    if (object.has("index_comment"))
        comment_on_piece("INDEX " + object.get(".index"), object.get("index_comment"), script);
    label_all(world, kNone, world, ref, script);
    attach_to_extensions(world, kNone, world, ref, script);
}

namespace {

Grantable sequence_of(const World &world, const Object &column) {
    return {"SEQUENCE " + column.get(".sequence"), "", 's', world[column.parent].get("owner")};
}

Acl sequence_acl(const World &world, const Object &column) {
    return column.has(kSequenceAcl) ? parse_acl(column, kSequenceAcl)
                                    : default_acl('s', world[column.parent].get("owner"));
}

// What the sequence of an identity column and the index of a constraint are like.
void alter_pieces(const Pair &pair) {
    const Object &from = pair.from;
    const Object &to = pair.to;
    if (to.has("identity_kind")) {
        Grantable const on = sequence_of(pair.after, to);
        std::string const &owner = pair.before[from.parent].get("owner");
        Acl const now =
            from.has("identity_kind") ? sequence_acl(pair.before, from) : default_acl('s', owner);
        change_acl(on, with_owner(now, owner, on.owner), sequence_acl(pair.after, to), pair.script);
        if (pair.differs("sequence_comment"))
            comment_on_piece(on.target, to.get("sequence_comment"), pair.script);
    }
    if (to.kind == Kind::constraint && pair.differs("index_comment"))
        comment_on_piece("INDEX " + to.get(".index"), to.get("index_comment"), pair.script);
}

}  // namespace

void describe_identity(const World &world, Ref column, const Acl &initial, const Style &style,
                       Script &script) {
    const Object &object = world[column];
    Grantable const on = sequence_of(world, object);
    finish_identity(object, script);
    change_acl(on, with_owner(initial, style.role, on.owner), sequence_acl(world, object), script);
    if (object.has("sequence_comment"))
        comment_on_piece(on.target, object.get("sequence_comment"), script);
}

bool alter(const World &before, Ref from, const World &after, Ref to, const Style &style,
           Script &script) {
    Pair const pair{before, before[from], after, after[to], style, script};
    script.about(pair.to.kind, pair.to.identity, Change::alter);
    if (pair.to.kind == Kind::default_privileges) return alter_definition(pair);
    bool const same_definition = only_description_differs(pair.from, pair.to) && !style.renewed;
    if (!same_definition && !alter_definition(pair)) return false;
    Acl acl = acl_of(pair.from);
    if (pair.differs("owner") && !follows_table(before, from, after, to)) {
        if (pair.to.kind == Kind::user_mapping) return false;
        change_owner(after, to, script);
    }
    Grantable const on = grantable(after, pair.to);
    acl = with_owner(std::move(acl), grantable(before, pair.from).owner, on.owner);
    if (on.letter != 0) change_acl(on, acl, acl_of(pair.to), script);
    alter_pieces(pair);
    if (pair.differs("comment")) comment_on(after, to, script);
    if (pair.differs("labels")) label_all(before, from, after, to, script);
    attach_to_extensions(before, forgets_extensions(pair) ? kNone : from, after, to, script);
    return true;
}

std::string target_of(const World &world, Ref ref) {
    const Object &object = world[ref];
    KindInfo const &kind = info(object.kind);
    switch (object.kind) {
        case Kind::constraint:
        case Kind::foreign_key:
        case Kind::trigger:
        case Kind::rule:
        case Kind::policy:
            return fmt::format("{} {} ON {}", kind.noun, object.name, world.home(object));
        case Kind::domain_constraint:
            return fmt::format("CONSTRAINT {} ON DOMAIN {}", object.name, world.home(object));
        case Kind::column:
        case Kind::attribute:
            return fmt::format("COLUMN {}.{}", world.home(object), object.name);
        default:
            return fmt::format("{} {}", kind.noun, object.identity);
    }
}

std::string aside(const Object &object) {
    return suffixed(object.name, "_replaced");
}

std::string sequence_aside(const std::string &sequence) {
    std::size_t const name = last_part(sequence);
    return sequence.substr(0, name) + suffixed(sequence.substr(name), "_replaced");
}

std::string sequence_of_column(const World &world, const Object &column) {
    return fmt::format("pg_catalog.pg_get_serial_sequence({}, {})", literal(world.home(column)),
                       literal(unquoted(column.name)));
}

namespace {

// ">= 1": where a sequence can have counted to.
std::string from_first_on(const Object &counter) {
    bool const down = counter.get("increment").starts_with('-');
    return (down ? "<= " : ">= ") + counter.get(".first");
}

// Without an end, so that a condition can follow.
std::string count_as(const std::string &other, const std::string &sequence) {
    return fmt::format("SELECT pg_catalog.setval({}, last_value, is_called) FROM {}", sequence,
                       other);
}

}  // namespace

void count_from_values(const World &world, const Object &column, const std::string &sequence,
                       const Object &counter, Script &script) {
    if (!is_integer(column.get("type"))) return;
    bool const down = counter.get("increment").starts_with('-');
    script.add(fmt::format(
        "SELECT pg_catalog.setval({}, m) FROM (SELECT {}({}) AS m FROM {}) AS s "
        "WHERE m {}",
        sequence, down ? "min" : "max", column.name, world.home(column), from_first_on(counter)));
}

void count_on_from(const std::string &other, const std::string &sequence, const Object &counter,
                   Script &script) {
    script.add(count_as(other, sequence) + " WHERE last_value " + from_first_on(counter));
}

void continue_counting(const World &world, const Object &column, const Object &old,
                       Script &script) {
    script.add(count_as(sequence_aside(old.get(".sequence")), sequence_of_column(world, column)));
}

std::string move_sequence_aside(const std::string &sequence, Script &script) {
    std::string aside = sequence_aside(sequence);
    script.add(
        fmt::format("ALTER SEQUENCE {} RENAME TO {}", sequence, aside.substr(last_part(aside))));
    return aside;
}

void move_aside(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    script.add(fmt::format("ALTER {} {} RENAME TO {}", info(object.kind).noun, object.identity,
                           aside(object)),
               {{Risk::locks, "Readers and writers wait until it is replaced."}});
    for (Ref const child : world.children(ref))
        if (std::string const &sequence = world[child].get(".sequence"); !sequence.empty())
            move_sequence_aside(sequence, script);
}

std::string identity_aside(const Object &object) {
    // Of a function, with its arguments.
    std::size_t const end = object.schema.size() + 1 + object.name.size();
    return object.schema + "." + aside(object) + object.identity.substr(end);
}

void copy_rows(const World &before, Ref from, const World &after, Ref to,
               const std::set<Ref> &replaced, const Style &style, Script &script) {
    std::vector<std::string> columns;
    std::vector<std::string> values;
    std::vector<Conversion::Function> functions;
    bool always = false;
    for (Ref const ref : after.children(to)) {
        const Object &column = after[ref];
        if (column.kind != Kind::column || column.has("generated")) continue;
        Ref const old = before.column(from, column.name);
        if (old == kNone) continue;
        always |= column.get("identity_kind") == "ALWAYS";
        columns.push_back(column.name);
        Conversion conversion = convert_column(before, before[old], after, column, *style.casts,
                                               replaced.count(old) != 0);
        values.push_back(conversion.value.empty() ? column.name : std::move(conversion.value));
        for (auto &function : conversion.functions) functions.push_back(std::move(function));
    }
    if (columns.empty()) return;
    for (auto const &function : functions) script.add(function.create);
    script.add(fmt::format("INSERT INTO {} ({}){}\nSELECT {}\nFROM {}", after[to].identity,
                           fmt::join(columns, ", "), always ? " OVERRIDING SYSTEM VALUE" : "",
                           fmt::join(values, ", "), identity_aside(before[from])),
               {{Risk::rewrites, "All rows are copied while readers and writers wait."},
                {Risk::may_fail, "Fails on rows that the new table does not take."}});
    for (auto const &function : functions) script.add(function.drop);
}

void drop_aside(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    script.add(fmt::format("DROP {} {}", info(object.kind).noun, identity_aside(object)));
}

}  // namespace migrate::schema
