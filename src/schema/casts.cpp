#include "schema/casts.hpp"

#include <algorithm>
#include <array>

#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

// Without its modifiers, and without [], which makes no difference where both have it.
std::string element(std::string_view type) {
    return base_type(is_array(type) ? element_of(type) : type);
}

// Of the category of strings: every type is written as one in an assignment, and read from one
// explicitly ("automatic I/O conversion casts", CREATE CAST).
bool is_string(std::string_view type) {
    return type == "text" || type == "character varying" || type == "character" ||
           type == "bpchar" || type == "name";
}

}  // namespace

void Casts::add(std::string from, std::string to, char context) {
    contexts_[{std::move(from), std::move(to)}] = context;
}

char Casts::context(std::string_view from, std::string_view to) const {
    if (is_array(from) != is_array(to)) return 0;
    std::string const a = element(from);
    std::string const b = element(to);
    if (a == b) return 'i';
    if (auto const found = contexts_.find(std::pair(a, b)); found != contexts_.end())
        return found->second;
    return is_string(b) ? 'a' : is_string(a) ? 'e' : '\0';
}

bool Casts::assigns(std::string_view from, std::string_view to) const {
    char const found = context(from, to);
    return found == 'a' || found == 'i';
}

bool Casts::converts(std::string_view from, std::string_view to) const {
    return context(from, to) != 0;
}

std::string_view Casts::between(std::string_view from, std::string_view to) const {
    static constexpr std::array<std::string_view, 3> kMiddle = {"integer", "numeric",
                                                                "timestamp with time zone"};
    if (is_string(element(from)) || is_string(element(to))) return {};
    auto const found = std::find_if(kMiddle.begin(), kMiddle.end(), [&](std::string_view type) {
        return converts(from, type) && converts(type, to);
    });
    return found == kMiddle.end() ? std::string_view() : *found;
}

}  // namespace migrate::schema
