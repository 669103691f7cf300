// What is not a relation, a type or a routine. Most have their whole CREATE statement for a
// definition and are dropped and created again when it changes.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "schema/render_kinds.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

std::string subscription_options(const Object &object) {
    return join(object, "options");
}

void create_subscription(const Object &object, Script &script) {
    std::string options = "connect = false";
    if (object.has("options")) options += ", " + subscription_options(object);
    script.add(fmt::format("CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH ({})",
                           object.identity, object.get("connection"), join(object, "publications"),
                           options));
}

bool has_option(const Object &object, std::string_view option) {
    auto const options = object.list("options");
    return std::find(options.begin(), options.end(), option) != options.end();
}

bool alter_subscription(const Pair &pair) {
    if (has_option(pair.from, "two_phase=true") != has_option(pair.to, "two_phase=true") &&
        pair.style.version < 18)
        return false;
    std::string const prefix = "ALTER SUBSCRIPTION " + pair.to.identity;
    if (pair.differs("connection"))
        pair.script.add(fmt::format("{} CONNECTION {}", prefix, pair.to.get("connection")));
    if (pair.differs("publications"))
        pair.script.add(fmt::format("{} SET PUBLICATION {} WITH (refresh = false)", prefix,
                                    join(pair.to, "publications")));
    auto const before = pair.from.list("options");
    std::vector<std::string_view> changed;
    for (std::string_view const option : pair.to.list("options"))
        if (std::find(before.begin(), before.end(), option) == before.end())
            changed.push_back(option);
    if (!changed.empty())
        pair.script.add(fmt::format("{} SET ({})", prefix, fmt::join(changed, ", ")));
    return true;
}

void drop_subscription(const Object &object, Script &script) {
    std::string const prefix = "ALTER SUBSCRIPTION " + object.identity;
    script.add(prefix + " DISABLE");
    script.add(prefix + " SET (slot_name = NONE)",
               {{Risk::loses_data, "Its slot stays on the publisher and must be dropped there."}});
    script.add("DROP SUBSCRIPTION " + object.identity);
}

std::string published(const World &world, const Object &object) {
    const Object &publication = world[object.parent];
    return fmt::format("ALTER PUBLICATION {}", publication.identity);
}

// Those that inherit are published by themselves.
bool is_parent(const World &world, const Object &object) {
    Ref const table = world.snapshot().find(Kind::table, object.get("table"));
    return table != kNone && world.has_heirs(table) && !world[table].has("partition_by");
}

std::string published_table(const Object &object) {
    std::string text = object.get("table");
    if (object.has("columns")) text += fmt::format(" ({})", object.get("columns"));
    if (object.has("where")) text += " WHERE " + object.get("where");
    return text;
}

std::string foreign_data_functions(const Object &object) {
    std::string text;
    if (object.has("handler")) text += " HANDLER " + object.get("handler");
    if (object.has("validator")) text += " VALIDATOR " + object.get("validator");
    return text;
}

bool alter_wrapper(const Pair &pair) {
    std::string text;
    for (auto const &[attribute, word] :
         {std::pair{"handler", "HANDLER"}, std::pair{"validator", "VALIDATOR"}})
        if (pair.differs(attribute))
            text += pair.to.has(attribute) ? fmt::format(" {} {}", word, pair.to.get(attribute))
                                           : fmt::format(" NO {}", word);
    text += changed_foreign_options(pair);
    if (!text.empty()) pair.script.add("ALTER FOREIGN DATA WRAPPER " + pair.to.identity + text);
    return true;
}

void create_server(const Object &object, Script &script) {
    std::string text = "CREATE SERVER " + object.identity;
    if (object.has("type")) text += " TYPE " + object.get("type");
    if (object.has("version")) text += " VERSION " + object.get("version");
    script.add(fmt::format("{} FOREIGN DATA WRAPPER {}{}", text, object.get("wrapper"),
                           foreign_options(object)));
}

bool alter_server(const Pair &pair) {
    if (pair.differs("type") || pair.differs("wrapper")) return false;
    std::string text;
    if (pair.differs("version"))
        text +=
            " VERSION " + (pair.to.has("version") ? pair.to.get("version") : std::string("NULL"));
    text += changed_foreign_options(pair);
    if (!text.empty()) pair.script.add("ALTER SERVER " + pair.to.identity + text);
    return true;
}

using Mappings = std::map<std::string_view, std::string_view>;

Mappings mappings(const Object &configuration) {
    Mappings result;
    for (std::string_view const item : configuration.list("mappings")) {
        std::size_t const at = end_of_identifier(item);
        if (at < item.size()) result[item.substr(0, at)] = item.substr(at + 1);
    }
    return result;
}

void change_mappings(const std::string &identity, const Mappings &before, const Mappings &after,
                     Script &script) {
    std::string const prefix = "ALTER TEXT SEARCH CONFIGURATION " + identity;
    for (auto const &[token, dictionaries] : before)
        if (after.count(token) == 0)
            script.add(fmt::format("{} DROP MAPPING FOR {}", prefix, token));
    for (auto const &[token, dictionaries] : after) {
        auto const old = before.find(token);
        if (old == before.end())
            script.add(fmt::format("{} ADD MAPPING FOR {} WITH {}", prefix, token, dictionaries));
        else if (old->second != dictionaries)
            script.add(fmt::format("{} ALTER MAPPING FOR {} WITH {}", prefix, token, dictionaries));
    }
}

bool alter_dictionary(const Pair &pair) {
    if (pair.differs("template")) return false;
    auto const before = pair.from.list("init_options");
    auto const after = pair.to.list("init_options");
    // What is named goes to the end: all do, behind those that stay where they are.
    auto const [old, recent] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    auto const name = [](std::string_view item) { return item.substr(0, end_of_identifier(item)); };
    std::vector<std::string_view> list;
    for (std::string_view const item : std::span(old, before.end()))
        if (std::none_of(recent, after.end(),
                         [&](std::string_view other) { return name(other) == name(item); }))
            list.push_back(name(item));  // without a value: it goes
    list.insert(list.end(), recent, after.end());
    if (!list.empty())
        pair.script.add(fmt::format("ALTER TEXT SEARCH DICTIONARY {} ({})", pair.to.identity,
                                    fmt::join(list, ", ")));
    return true;
}

void create_operator(const Object &object, Script &script) {
    script.add(fmt::format("CREATE OPERATOR {}.{} (\n    {}\n)", object.schema, object.name,
                           fmt::join(object.list("definition"), ",\n    ")));
}

bool alter_operator(const Pair &pair) {
    static constexpr std::string_view kKnown[] = {"RESTRICT", "JOIN"};
    auto const items = changed_items(pair, kKnown);
    if (!items) return false;
    pair.script.add(
        fmt::format("ALTER OPERATOR {} SET ({})", pair.to.identity, fmt::join(*items, ", ")));
    return true;
}

using Members = std::vector<std::pair<std::string_view, std::string_view>>;  // key, all of it

Members members(const Object &family) {
    Members result;
    for (std::string_view const item : family.list("members")) {
        std::size_t const at = item.find(kPart);
        result.emplace_back(item.substr(0, at), item.substr(at + 1));
    }
    return result;
}

void change_members(const std::string &family, const Members &before, const Members &after,
                    Script &script) {
    auto const change = [&](const char *word, const std::vector<std::string_view> &list) {
        if (!list.empty())
            script.add(fmt::format("ALTER OPERATOR FAMILY {} {}\n    {}", family, word,
                                   fmt::join(list, ",\n    ")));
    };
    auto const is_in = [](const Members &list, const Members::value_type &member) {
        return std::find(list.begin(), list.end(), member) != list.end();
    };
    std::vector<std::string_view> dropped;
    std::vector<std::string_view> added;
    for (auto const &member : before)
        if (!is_in(after, member)) dropped.push_back(member.first);
    for (auto const &member : after)
        if (!is_in(before, member)) added.push_back(member.second);
    change("DROP", dropped);
    change("ADD", added);
}

// What a role's new objects have if nobody has said anything: nothing is added in a single schema.
Acl default_privileges(const Object &object) {
    return object.has("in_schema") ? Acl{}
                                   : default_acl(object.get("letter")[0], object.get("role"));
}

void change_defaults(const Object &object, const Acl &from, const Acl &to, Script &script) {
    std::string prefix = "ALTER DEFAULT PRIVILEGES FOR ROLE " + object.get("role");
    if (object.has("in_schema")) prefix += " IN SCHEMA " + object.get("in_schema");
    change_acl(
        {object.get("objects"), "", object.get("letter")[0], object.get("role"), prefix + " "},
        from, to, script);
}

bool alter_extension(const Pair &pair) {
    if (pair.differs("in_schema")) {
        if (!pair.to.has(".relocatable")) return false;
        pair.script.add(fmt::format("ALTER EXTENSION {} SET SCHEMA {}", pair.to.identity,
                                    pair.to.get("in_schema")));
    }
    if (pair.differs("version"))
        pair.script.add(fmt::format("ALTER EXTENSION {} UPDATE TO {}", pair.to.identity,
                                    pair.to.get(".version")));
    return true;
}

void create_extension(const Object &object, Script &script) {
    std::string text = "CREATE EXTENSION " + object.identity;
    if (object.has("in_schema")) text += " SCHEMA " + object.get("in_schema");
    if (object.has("version")) text += " VERSION " + object.get("version");
    script.add(std::move(text));
}

bool alter_event_trigger(const Pair &pair) {
    if (pair.differs("definition")) return false;
    pair.script.add(fmt::format("ALTER EVENT TRIGGER {} {}", pair.to.identity,
                                pair.to.has("enabled") ? pair.to.get("enabled") : "ENABLE"));
    return true;
}

bool alter_publication(const Pair &pair) {
    if (pair.differs("all_tables")) return false;
    if (!pair.differs("options")) return true;
    // There is no RESET; what is said last counts.
    std::string options = "publish='insert, update, delete, truncate'";
    std::string via_root = "publish_via_partition_root=false";
    for (std::string_view const option : pair.to.list("options"))
        if (!option.empty())
            (option.starts_with("publish=") ? options : via_root) = std::string(option);
    pair.script.add(
        fmt::format("ALTER PUBLICATION {} SET ({}, {})", pair.to.identity, options, via_root));
    return true;
}

}  // namespace

void create_other(const World &world, Ref ref, const Style &, Script &script) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::schema:
            script.add(fmt::format("CREATE SCHEMA {}", object.identity));
            return;
        case Kind::extension:
            return create_extension(object, script);
        case Kind::foreign_data_wrapper:
            script.add("CREATE FOREIGN DATA WRAPPER " + object.identity +
                       foreign_data_functions(object) + foreign_options(object));
            return;
        case Kind::server:
            return create_server(object, script);
        case Kind::user_mapping:
            script.add("CREATE USER MAPPING " + object.identity + foreign_options(object));
            return;
        case Kind::operator_:
            return create_operator(object, script);
        case Kind::operator_family:
            script.add("CREATE OPERATOR FAMILY " + object.identity);
            return change_members(object.identity, {}, members(object), script);
        case Kind::text_search_dictionary:
            script.add(fmt::format("CREATE TEXT SEARCH DICTIONARY {} (\n    TEMPLATE = {}{}{}\n)",
                                   object.identity, object.get("template"),
                                   object.has("init_options") ? ",\n    " : "",
                                   fmt::join(object.list("init_options"), ",\n    ")));
            return;
        case Kind::text_search_configuration:
            script.add(fmt::format("CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})",
                                   object.identity, object.get("parser")));
            change_mappings(object.identity, {}, mappings(object), script);
            return;
        case Kind::publication:
            script.add(fmt::format("CREATE PUBLICATION {}{}{}", object.identity,
                                   object.has("all_tables") ? " FOR ALL TABLES" : "",
                                   with_options(object)));
            return;
        case Kind::publication_table:
            script.add(fmt::format("{} ADD TABLE {}{}", published(world, object),
                                   is_parent(world, object) ? "ONLY " : "",
                                   published_table(object)));
            return;
        case Kind::publication_schema:
            script.add(
                fmt::format("{} ADD TABLES IN SCHEMA {}", published(world, object), object.name));
            return;
        case Kind::subscription:
            return create_subscription(object, script);
        case Kind::default_privileges:
            return change_defaults(object, default_privileges(object), parse_acl(object), script);
        case Kind::member:
            return;  // only its privileges
        default:
            for (std::string_view const text : object.list("definition"))
                script.add(std::string(text));
            if (object.kind == Kind::event_trigger && object.has("enabled"))
                script.add(fmt::format("ALTER EVENT TRIGGER {} {}", object.identity,
                                       object.get("enabled")));
            return;
    }
}

void drop_other(const World &world, Ref ref, Script &script) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::publication_table:
            script.add(fmt::format("{} DROP TABLE {}{}", published(world, object),
                                   is_parent(world, object) ? "ONLY " : "", object.get("table")));
            return;
        case Kind::publication_schema:
            script.add(
                fmt::format("{} DROP TABLES IN SCHEMA {}", published(world, object), object.name));
            return;
        case Kind::subscription:
            return drop_subscription(object, script);
        case Kind::default_privileges:
            return change_defaults(object, parse_acl(object), default_privileges(object), script);
        default:
            return;
    }
}

bool alter_other(const Pair &pair) {
    switch (pair.to.kind) {
        case Kind::extension:
            return alter_extension(pair);
        case Kind::foreign_data_wrapper:
            return alter_wrapper(pair);
        case Kind::server:
            return alter_server(pair);
        case Kind::user_mapping:
            if (std::string options = changed_foreign_options(pair); !options.empty())
                pair.script.add("ALTER USER MAPPING " + pair.to.identity + options);
            return true;
        case Kind::language:
        case Kind::transform:
            pair.script.add(or_replace(pair.to.get("definition")));
            return true;
        case Kind::operator_:
            return alter_operator(pair);
        case Kind::operator_family:
            change_members(pair.to.identity, members(pair.from), members(pair.to), pair.script);
            return true;
        case Kind::text_search_dictionary:
            return alter_dictionary(pair);
        case Kind::text_search_configuration:
            if (pair.differs("parser")) return false;
            change_mappings(pair.to.identity, mappings(pair.from), mappings(pair.to), pair.script);
            return true;
        case Kind::publication:
            return alter_publication(pair);
        case Kind::subscription:
            return alter_subscription(pair);
        case Kind::event_trigger:
            return alter_event_trigger(pair);
        case Kind::default_privileges:
            change_defaults(pair.to, parse_acl(pair.from), parse_acl(pair.to), pair.script);
            return true;
        default:
            return false;
    }
}

}  // namespace migrate::schema
