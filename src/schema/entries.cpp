#include "schema/entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace migrate::schema {

namespace {

Change opposite(Change change) {
    switch (change) {
        case Change::create:
            return Change::drop;
        case Change::drop:
            return Change::create;
        default:
            return change;
    }
}

}  // namespace

std::string_view Entry::change() const {
    // What came or went together with something else has only statements for the other way.
    if (up.empty()) return to_string(opposite(down.front().change));
    bool const dropped = up.front().change == Change::drop;
    bool const created = up.back().change == Change::create;
    if (dropped && created) return "replace";
    return to_string(up.front().change);
}

std::vector<Entry> entries(const std::vector<Statement> &up, const std::vector<Statement> &down) {
    std::vector<Entry> list;
    std::unordered_map<std::string, std::size_t> places;
    auto const entry = [&](const Statement &statement) -> Entry & {
        auto const [place, is_new] = places.emplace(
            fmt::format("{} {}", to_string(statement.kind), statement.object), list.size());
        if (is_new) list.push_back({statement.kind, statement.object, {}, {}});
        return list[place->second];
    };
    for (const Statement &statement : up) entry(statement).up.push_back(statement);
    for (const Statement &statement : down) entry(statement).down.push_back(statement);
    return list;
}

std::string hazards_of(const std::vector<Statement> &statements) {
    std::vector<std::string> list;
    for (const Statement &statement : statements)
        for (const Hazard &hazard : statement.hazards) {
            std::string text = fmt::format("{}: {}", to_string(hazard.risk), hazard.text);
            if (std::find(list.begin(), list.end(), text) == list.end())
                list.push_back(std::move(text));
        }
    return fmt::format("{}", fmt::join(list, "\n"));
}

std::string text_of(const std::vector<Statement> &statements) {
    std::string text;
    for (const Statement &statement : statements)
        text += (text.empty() ? "" : "\n") + statement.sql + ";";
    return text;
}

}  // namespace migrate::schema
