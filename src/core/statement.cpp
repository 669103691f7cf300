#include "core/statement.hpp"

namespace migrate::core {

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
            bool used = sections[s].source.find(value, statement.end) != std::string_view::npos;
            for (std::size_t later = s + 1; later < sections.size() && !used; later++)
                used = sections[later].source.find(value) != std::string_view::npos;
            if (used) statement.transactional = false;
        }
    }
}

}  // namespace migrate::core
