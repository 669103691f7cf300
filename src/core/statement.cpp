#include "core/statement.hpp"

#include <algorithm>

namespace migrate::core {

namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// Whether the value stands in the text as a word of its own: in a literal, in an array literal, in
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
            std::string const &value = statement.added_enum_value;
            if (value.empty()) continue;
            bool used = mentions(sections[s].source, value, statement.end);
            for (std::size_t later = s + 1; later < sections.size() && !used; later++)
                used = mentions(sections[later].source, value, 0);
            if (used) statement.transactional = false;
        }
    }
}

}  // namespace migrate::core
