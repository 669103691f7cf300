#include "core/statement.hpp"

#include <algorithm>

namespace migrate::core {

namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// Whether a value stands in the text as a word of its own: in a literal, in an array literal, in
// the body of a function. A column of that name counts too, which does no harm.
bool mentions(std::string_view text, std::string_view value, std::size_t from) {
    for (std::size_t at = text.find(value, from); at != std::string_view::npos;
         at = text.find(value, at + 1)) {
        std::size_t const end = at + value.size();
        bool const begins = at == 0 || !is_word(text[at - 1]) || !is_word(value.front());
        bool const ends = end == text.size() || !is_word(text[end]) || !is_word(value.back());
        if (begins && ends) return true;
    }
    return false;
}

// What quoting leaves as it is: the longest piece of a value without quotes and backslashes.
std::string_view plain_piece(std::string_view value) {
    std::string_view longest;
    while (!value.empty()) {
        std::string_view const piece = value.substr(0, value.find_first_of("'\"\\"));
        if (piece.size() > longest.size()) longest = piece;
        value.remove_prefix(std::min(value.size(), piece.size() + 1));
    }
    return longest;
}

bool uses_value(std::string_view text, std::string_view value, std::size_t from) {
    std::string_view const piece = plain_piece(value);
    if (!piece.empty()) return mentions(text, piece, from);
    std::string_view const rest = text.substr(std::min(from, text.size()));
    auto const has = [&](std::string_view quotes) {
        return rest.find(quotes) != std::string::npos;
    };
    return value.empty() ? has("''") || has("\"\"") : has(value.substr(0, 1));
}

}  // namespace

bool all_transactional(const Statements &statements) {
    return std::all_of(statements.begin(), statements.end(),
                       [](const Statement &s) { return s.transactional; });
}

std::vector<Group> cut_groups(const Statements &statements) {
    std::vector<Group> groups;
    for (std::size_t i = 0; i < statements.size(); i++) {
        bool const transactional = statements[i].transactional;
        if (transactional && !groups.empty() && groups.back().transactional)
            groups.back().last = i + 1;
        else
            groups.push_back({i, i + 1, transactional});
    }
    return groups;
}

void isolate_enum_values(const std::vector<SectionStatements> &sections) {
    for (std::size_t s = 0; s < sections.size(); s++) {
        for (Statement &statement : *sections[s].statements) {
            if (!statement.added_enum_value) continue;
            std::string const &value = *statement.added_enum_value;
            bool used = uses_value(sections[s].source, value, statement.end);
            for (std::size_t later = s + 1; later < sections.size() && !used; later++)
                used = uses_value(sections[later].source, value, 0);
            if (used) statement.transactional = false;
        }
    }
}

}  // namespace migrate::core
