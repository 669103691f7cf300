// Which names revisions and branches may have.
#include <fmt/format.h>
#include <algorithm>

#include "core/graph.hpp"
#include "core/messages.hpp"

namespace migrate::core {

namespace {

constexpr std::size_t max_name = 200;

bool is_separator(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == 0x7f;
}

void check_name(std::string_view name, std::string_view illegal, const char *what) {
    if (name.empty()) throw Error(Code::invalid_target, fmt::format("{} must not be empty", what));
    if (name.size() > max_name)
        throw Error(Code::invalid_target, fmt::format("{} {} is too long", what, quoted(name)),
                    fmt::format("It may have {} bytes.", max_name));
    // The lists in a script's header are cut at these.
    if (std::any_of(name.begin(), name.end(), is_separator))
        throw Error(
            Code::invalid_target,
            fmt::format("white space, comma or control character in {} {}", what, quoted(name)));
    std::string found;
    for (char c : illegal) {
        if (name.find(c) == std::string_view::npos) continue;
        if (!found.empty()) found += ", ";
        found += c;
    }
    if (!found.empty())
        throw Error(Code::invalid_target, fmt::format("character \"{}\" not allowed in {} {}",
                                                      found, what, quoted(name)));
    if (name == "head" || name == "heads" || name == "base" || name == "current")
        throw Error(Code::invalid_target, fmt::format("{} {} is reserved", what, quoted(name)), {},
                    "It is a target with a meaning of its own.");
}

}  // namespace

void check_revision_id(std::string_view id) {
    check_name(id, "+-:@", "revision identifier");
}

// Alembic allows - and + here, and `my-feature@head` works.
void check_label(std::string_view label) {
    check_name(label, ":@", "branch label");
}

}  // namespace migrate::core
