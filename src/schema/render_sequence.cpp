// Sequences, also those behind identity columns.
#include <fmt/format.h>

#include <cstdlib>

#include "schema/render_kinds.hpp"

namespace migrate::schema {

namespace {

struct Option {
    std::string_view attribute;
    const char *set;      // before the value
    const char *without;  // the default, written
};
constexpr Option kOptions[] = {
    {"start", "START WITH ", ""},        {"increment", "INCREMENT BY ", "INCREMENT BY 1"},
    {"min", "MINVALUE ", "NO MINVALUE"}, {"max", "MAXVALUE ", "NO MAXVALUE"},
    {"cache", "CACHE ", "CACHE 1"},
};

// The table that a sequence belongs to; null when it belongs to none.
const Object *table_of(const World &world, const Object &sequence) {
    for (Ref const link : world.children(world.snapshot().ref(sequence)))
        for (Ref const need : world[link].needs)
            if (world[need].kind == Kind::column) return world.snapshot().parent(world[need]);
    return nullptr;
}

// Its table becomes logged or unlogged, and takes it along.
bool changes_with_table(const Pair &pair) {
    const Object *const before = table_of(pair.before, pair.from);
    const Object *const after = table_of(pair.after, pair.to);
    if (pair.style.version < 15 || before == nullptr || after == nullptr) return false;
    return before->identity == after->identity && !same(*before, *after, "persistence");
}

// What it has when its table has been altered.
std::string persistence_then(const Pair &pair) {
    return (changes_with_table(pair) ? *table_of(pair.after, pair.to) : pair.from)
        .get("persistence");
}

// Whether one end of what it counts through comes nearer.
bool narrows(const Pair &pair, std::string_view end) {
    if (!pair.differs(end) || !pair.to.has(end)) return false;
    auto const value = [&](const Object &o) {
        return std::strtoll(o.get(end).c_str(), nullptr, 10);
    };
    bool const less = value(pair.to) < value(pair.from);
    return !pair.from.has(end) || less == (end == "max");
}

}  // namespace

std::vector<std::string> sequence_options(const Object &object) {
    std::vector<std::string> options;
    for (const Option &option : kOptions)
        if (object.has(option.attribute))
            options.push_back(option.set + object.get(option.attribute));
    if (object.has("cycle")) options.emplace_back("CYCLE");
    return options;
}

std::vector<std::string> changed_sequence_options(const Pair &pair, const std::string &set) {
    std::vector<std::string> options;
    // The default start is one end of what it counts through, and stays where it is by itself.
    bool const start = !pair.to.has("start") && !pair.from.has("start") && pair.differs(".first");
    // So do its ends when it turns round.
    bool const turns =
        pair.from.get("increment").starts_with('-') != pair.to.get("increment").starts_with('-');
    auto const is_end = [](const Option &option) {
        return option.attribute == "min" || option.attribute == "max";
    };
    for (const Option &option : kOptions) {
        if (!pair.differs(option.attribute) && !(turns && is_end(option)) &&
            !(start && option.without[0] == '\0'))
            continue;
        if (pair.to.has(option.attribute))
            options.push_back(set + option.set + pair.to.get(option.attribute));
        else if (option.without[0] != '\0')
            options.push_back(set + option.without);
        else  // the default start is the other end of what it counts through
            options.push_back(set + option.set + pair.to.get(".first"));
    }
    if (pair.style.restart) options.emplace_back("RESTART");
    if (pair.differs("cycle"))
        options.push_back(set + (pair.to.has("cycle") ? "CYCLE" : "NO CYCLE"));
    return options;
}

std::vector<Hazard> hazards_of_counting(const Pair &pair) {
    if (pair.style.restart)
        return {{Risk::loses_data, "It begins anew: where it has counted to is forgotten."}};
    bool const type = pair.to.kind == Kind::sequence && pair.differs("type") && pair.to.has("type");
    if (type || narrows(pair, "min") || narrows(pair, "max"))
        return {{Risk::may_fail, "Fails when it has counted beyond its new end."}};
    return {};
}

void create_sequence(const Object &object, Script &script) {
    std::string text = "CREATE ";
    if (object.has("persistence")) text += object.get("persistence") + " ";
    text += "SEQUENCE " + object.identity;
    if (object.has("type")) text += " AS " + object.get("type");
    for (const std::string &option : sequence_options(object)) text += " " + option;
    script.add(std::move(text));
}

bool alter_sequence(const Pair &pair) {
    std::vector<std::string> options = changed_sequence_options(pair, "");
    if (pair.differs("type"))
        options.insert(options.begin(),
                       "AS " + (pair.to.has("type") ? pair.to.get("type") : std::string("bigint")));
    std::string const prefix = "ALTER SEQUENCE " + pair.to.identity;
    if (!options.empty()) {
        pair.script.add(fmt::format("{} {}", prefix, fmt::join(options, " ")),
                        hazards_of_counting(pair));
    }
    if (persistence_then(pair) != pair.to.get("persistence"))
        pair.script.add(fmt::format(
            "{} SET {}", prefix,
            pair.to.has("persistence") ? pair.to.get("persistence") : std::string("LOGGED")));
    return true;
}

}  // namespace migrate::schema
