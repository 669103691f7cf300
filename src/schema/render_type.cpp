// Enums, domains, composite types, ranges and base types.
#include <fmt/format.h>

#include <algorithm>

#include "schema/render_kinds.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

std::string type_of(const Object &object) {
    std::string text = object.get("type");
    if (object.has("collation")) text += " COLLATE " + object.get("collation");
    return text;
}

// Where new values go between those that are there; false when some are gone or have moved.
bool add_values(const Pair &pair) {
    auto const before = pair.from.list("values");
    auto const after = pair.to.list("values");
    std::size_t kept = 0;
    for (std::string_view const value : after)
        if (kept < before.size() && before[kept] == value) kept++;
    if (kept != before.size()) return false;
    std::size_t next = 0;
    for (std::size_t i = 0; i < after.size(); i++) {
        if (next < before.size() && before[next] == after[i]) {
            next++;
            continue;
        }
        std::string where;
        if (next < before.size())
            where = i == 0 ? fmt::format(" BEFORE {}", before[next])
                           : fmt::format(" AFTER {}", after[i - 1]);
        pair.script.add(
            fmt::format("ALTER TYPE {} ADD VALUE {}{}", pair.to.identity, after[i], where));
    }
    return true;
}

bool alter_domain(const Pair &pair) {
    const Object &to = pair.to;
    if (pair.differs("type") || pair.differs("collation")) return false;
    std::string const prefix = "ALTER DOMAIN " + to.identity;
    if (pair.differs("default"))
        pair.script.add(to.has("default")
                            ? fmt::format("{} SET DEFAULT {}", prefix, to.get("default"))
                            : prefix + " DROP DEFAULT");
    if (pair.differs("not_null")) {
        if (to.has("not_null"))
            pair.script.add(prefix + " SET NOT NULL",
                            {{Risk::scans, "All tables that use the domain are read."},
                             {Risk::may_fail, "Fails while a column of it holds a null value."}});
        else
            pair.script.add(prefix + " DROP NOT NULL");
    }
    return true;
}

// Attributes are added at the end; another order is another type.
bool same_order(const Pair &pair) {
    auto const before = pair.from.list("attributes");
    auto const after = pair.to.list("attributes");
    std::vector<std::string_view> kept;
    for (std::string_view const name : before)
        if (std::find(after.begin(), after.end(), name) != after.end()) kept.push_back(name);
    return kept.size() <= after.size() && std::equal(kept.begin(), kept.end(), after.begin());
}

void create_composite(const World &world, Ref ref, const Parts &parts, Script &script) {
    std::vector<std::string> lines;
    for (Ref const part : parts)
        if (world[part].kind == Kind::attribute)
            lines.push_back(world[part].name + " " + type_of(world[part]));
    script.add(fmt::format("CREATE TYPE {} AS ({}{}{})", world[ref].identity,
                           lines.empty() ? "" : "\n    ", fmt::join(lines, ",\n    "),
                           lines.empty() ? "" : "\n"));
}

void create_domain(const World &world, Ref ref, const Parts &parts, Script &script) {
    const Object &object = world[ref];
    std::string text = fmt::format("CREATE DOMAIN {} AS {}", object.identity, type_of(object));
    if (object.has("default")) text += " DEFAULT " + object.get("default");
    if (object.has("not_null")) text += " NOT NULL";
    for (Ref const part : parts)
        if (world[part].kind == Kind::domain_constraint)
            text += fmt::format("\n    CONSTRAINT {} {}", world[part].name,
                                world[part].get("definition"));
    script.add(std::move(text));
}

void create_options(const Object &object, const char *what, Script &script) {
    script.add(fmt::format("CREATE TYPE {}{} (\n    {}\n)", object.identity, what,
                           fmt::join(object.list("definition"), ",\n    ")));
}

// Tables of the type change with it.
const char *cascade(const World &world, const Object &attribute) {
    for (Ref const other : world.dependants(attribute.parent))
        if (world[other].kind == Kind::table &&
            world[other].get("of_type") == world.home(attribute))
            return " CASCADE";
    return "";
}

bool alter_attribute(const Pair &pair) {
    if (retypes(pair.from, pair.to))
        pair.script.add(
            fmt::format("ALTER TYPE {} ALTER ATTRIBUTE {} TYPE {}{}", pair.after.home(pair.to),
                        pair.to.name, type_of(pair.to), cascade(pair.before, pair.from)),
            {{Risk::breaks_code, "Running programs may expect the old type."}});
    return true;
}

bool alter_domain_constraint(const Pair &pair) {
    if (pair.differs("definition")) return false;
    if (pair.differs("not_valid")) {
        if (pair.to.has("not_valid")) return false;
        pair.script.add(fmt::format("ALTER DOMAIN {} VALIDATE CONSTRAINT {}",
                                    pair.after.home(pair.to), pair.to.name),
                        {{Risk::may_fail, "Fails on values that do not fit."}});
    }
    return true;
}

bool alter_base_type(const Pair &pair) {
    static constexpr std::string_view kKnown[] = {"RECEIVE", "SEND",      "TYPMOD_IN", "TYPMOD_OUT",
                                                  "ANALYZE", "SUBSCRIPT", "STORAGE"};
    auto const items = changed_items(pair, kKnown);
    // What may be stored out of line cannot be told to stay in line.
    if (!items || std::find(items->begin(), items->end(), "STORAGE = plain") != items->end())
        return false;
    if (!items->empty())
        pair.script.add(
            fmt::format("ALTER TYPE {} SET ({})", pair.to.identity, fmt::join(*items, ", ")));
    return true;
}

}  // namespace

void create_type(const World &world, Ref ref, const Parts &parts, const Style &, Script &script) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::enumeration: {
            auto const values = object.list("values");
            bool const none = values.size() == 1 && values[0].empty();
            script.add(fmt::format("CREATE TYPE {} AS ENUM ({})", object.identity,
                                   none ? "" : fmt::format("{}", fmt::join(values, ", "))));
            return;
        }
        case Kind::domain:
            return create_domain(world, ref, parts, script);
        case Kind::composite:
            return create_composite(world, ref, parts, script);
        case Kind::range:
            return create_options(object, " AS RANGE", script);
        case Kind::base_type:
            return create_options(object, "", script);
        case Kind::shell_type:
            script.add("CREATE TYPE " + object.identity);
            return;
        case Kind::attribute:
            script.add(fmt::format("ALTER TYPE {} ADD ATTRIBUTE {} {}{}", world.home(object),
                                   object.name, type_of(object), cascade(world, object)),
                       {{Risk::breaks_code, "Rows of the type have one value more."}});
            return;
        case Kind::domain_constraint:
            script.add(fmt::format("ALTER DOMAIN {} ADD CONSTRAINT {} {}{}", world.home(object),
                                   object.name, object.get("definition"),
                                   object.has("not_valid") ? " NOT VALID" : ""),
                       {{Risk::scans, "All tables that use the domain are read."},
                        {Risk::may_fail, "Fails on values that do not fit."}});
            return;
        default:
            return;
    }
}

void drop_type_part(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    if (object.kind == Kind::attribute)
        script.add(fmt::format("ALTER TYPE {} DROP ATTRIBUTE {}{}", world.home(object), object.name,
                               cascade(world, object)),
                   {{Risk::loses_data, "The values of the attribute are gone."}});
    else
        script.add(
            fmt::format("ALTER DOMAIN {} DROP CONSTRAINT {}", world.home(object), object.name));
}

bool alter_type(const Pair &pair) {
    switch (pair.to.kind) {
        case Kind::enumeration:
            return add_values(pair);
        case Kind::domain:
            return alter_domain(pair);
        case Kind::composite:
            return same_order(pair);
        case Kind::attribute:
            return alter_attribute(pair);
        case Kind::domain_constraint:
            return alter_domain_constraint(pair);
        case Kind::base_type:
            return alter_base_type(pair);
        default:
            return false;
    }
}

}  // namespace migrate::schema
