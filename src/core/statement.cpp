#include "core/statement.hpp"

#include <set>

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
    std::set<std::string> created;  // in the transaction so far
    for (std::size_t s = 0; s < sections.size(); s++) {
        for (std::size_t i = 0; i < sections[s].statements->size(); i++) {
            Statement &statement = (*sections[s].statements)[i];
            if (!statement.transactional) created.clear();
            if (!statement.created_type.empty()) created.insert(statement.created_type);
            if (statement.added_enum_value.empty() || created.contains(statement.enum_type))
                continue;
            bool used = sections[s].source.find(statement.added_enum_value, statement.end) !=
                        std::string_view::npos;
            for (std::size_t later = s + 1; later < sections.size() && !used; later++)
                used = sections[later].source.find(statement.added_enum_value) !=
                       std::string_view::npos;
            if (!used) continue;
            statement.transactional = false;
            created.clear();
        }
    }
}

}  // namespace migrate::core
