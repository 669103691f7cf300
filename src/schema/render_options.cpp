// Lists of options, as several kinds have them.
#include <fmt/format.h>

#include <algorithm>

#include "schema/render_kinds.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

struct Setting {
    std::string_view name;
    std::string_view value;
};

std::vector<Setting> settings(const Object &object, std::string_view attribute, char between) {
    std::vector<Setting> list;
    for (std::string_view const item : object.list(attribute)) {
        std::size_t const at = item.find(between, end_of_identifier(item));
        if (at != std::string_view::npos) list.push_back({item.substr(0, at), item.substr(at + 1)});
    }
    return list;
}

const Setting *find(const std::vector<Setting> &list, std::string_view name) {
    auto const found =
        std::find_if(list.begin(), list.end(), [&](const Setting &s) { return s.name == name; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::string join(const Object &object, std::string_view attribute) {
    std::string const listed = "." + std::string(attribute);  // in its own order
    return fmt::format("{}", fmt::join(object.list(object.has(listed) ? listed : attribute), ", "));
}

std::string or_replace(const std::string &definition) {
    return definition.starts_with("CREATE OR REPLACE ")
               ? definition
               : "CREATE OR REPLACE " + definition.substr(7);
}

std::string with_options(const Object &object, std::string_view attribute) {
    return object.has(attribute) ? fmt::format(" WITH ({})", join(object, attribute)) : "";
}

std::size_t before_where(const Object &object, std::string_view definition) {
    if (!object.has(".where")) return definition.size();
    std::size_t const predicate = definition.rfind(object.get(".where"));
    return std::min(definition.rfind(" WHERE ", predicate), definition.size());
}

std::string in_tablespace(const Object &object) {
    return object.has("tablespace") ? " TABLESPACE " + object.get("tablespace") : "";
}

void alter_storage_options(const Pair &pair, std::string_view attribute,
                           const std::string &prefix) {
    if (!pair.differs(attribute)) return;
    std::string const listed = "." + std::string(attribute);
    auto const before = settings(pair.from, listed, '=');
    auto const after = settings(pair.to, listed, '=');
    std::vector<std::string> set;
    std::vector<std::string> reset;
    std::vector<std::string_view> order;  // in which the server then has them
    for (const Setting &option : before) {
        const Setting *const now = find(after, option.name);
        if (now == nullptr)
            reset.emplace_back(option.name);
        else if (now->value == option.value)
            order.push_back(option.name);
    }
    for (const Setting &option : after) {
        const Setting *const old = find(before, option.name);
        if (old != nullptr && old->value == option.value) continue;
        set.push_back(fmt::format("{}={}", option.name, option.value));
        order.push_back(option.name);
    }
    if (!std::equal(order.begin(), order.end(), after.begin(), after.end(),
                    [](std::string_view name, const Setting &s) { return name == s.name; })) {
        set.clear();
        reset.clear();
        for (const Setting &option : before) reset.emplace_back(option.name);
        for (const Setting &option : after)
            set.push_back(fmt::format("{}={}", option.name, option.value));
    }
    if (!reset.empty())
        pair.script.add(fmt::format("{} RESET ({})", prefix, fmt::join(reset, ", ")));
    if (!set.empty()) pair.script.add(fmt::format("{} SET ({})", prefix, fmt::join(set, ", ")));
}

std::optional<std::vector<std::string>> changed_items(const Pair &pair,
                                                      std::span<const std::string_view> known) {
    auto const before = pair.from.list("definition");
    auto const after = pair.to.list("definition");
    std::vector<std::string> items;
    auto const name = [](std::string_view item) { return item.substr(0, item.find(" = ")); };
    auto const is_known = [&](std::string_view item) {
        return std::find(known.begin(), known.end(), name(item)) != known.end();
    };
    for (std::string_view const item : after) {
        if (std::find(before.begin(), before.end(), item) != before.end()) continue;
        if (!is_known(item)) return std::nullopt;
        items.emplace_back(item);
    }
    for (std::string_view const item : before) {
        auto const replaces = [&](std::string_view other) { return name(other) == name(item); };
        if (std::any_of(after.begin(), after.end(), replaces)) continue;
        if (!is_known(item)) return std::nullopt;
        items.push_back(fmt::format("{} = NONE", name(item)));
    }
    return items;
}

std::string foreign_options(const Object &object, std::string_view attribute) {
    return object.has(attribute) ? fmt::format(" OPTIONS ({})", join(object, attribute)) : "";
}

std::string changed_foreign_options(const Pair &pair, std::string_view attribute) {
    if (!pair.differs(attribute)) return {};
    auto const before = settings(pair.from, attribute, ' ');
    auto const after = settings(pair.to, attribute, ' ');
    std::vector<std::string> list;
    for (const Setting &option : after) {
        const Setting *const old = find(before, option.name);
        if (old == nullptr)
            list.push_back(fmt::format("ADD {} {}", option.name, option.value));
        else if (old->value != option.value)
            list.push_back(fmt::format("SET {} {}", option.name, option.value));
    }
    for (const Setting &option : before)
        if (find(after, option.name) == nullptr)
            list.push_back(fmt::format("DROP {}", option.name));
    return list.empty() ? "" : fmt::format(" OPTIONS ({})", fmt::join(list, ", "));
}

}  // namespace migrate::schema
