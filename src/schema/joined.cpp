#include "schema/joined.hpp"

#include <algorithm>

namespace migrate::schema {

namespace {

std::string_view head_of(const Statement &statement) {
    return std::string_view(statement.sql).substr(0, statement.action);
}

// What comes later in the text must not be carried out earlier, but where it is about another
// column; and no column gets two types at once.
bool fits(const std::vector<Statement> &statements, std::size_t first, std::size_t next) {
    const Statement &late = statements[next];
    return std::all_of(
        statements.begin() + static_cast<std::ptrdiff_t>(first),
        statements.begin() + static_cast<std::ptrdiff_t>(next), [&](const Statement &early) {
            if (early.object == late.object)
                return early.pass < late.pass ||
                       (early.pass == late.pass && early.pass != Pass::type);
            bool const free = early.pass != Pass::column && early.pass != Pass::constraint &&
                              late.pass != Pass::constraint;
            return early.pass <= late.pass || free;
        });
}

}  // namespace

void join_neighbours(std::vector<Statement> &statements) {
    std::size_t first = 0;
    for (std::size_t next = 1; next < statements.size(); next++) {
        Statement &statement = statements[next];
        statement.goes_on = statement.action != 0 &&
                            head_of(statement) == head_of(statements[first]) &&
                            fits(statements, first, next);
        if (!statement.goes_on) first = next;
    }
}

std::size_t count_joined(const std::vector<Statement> &statements, std::size_t first) {
    std::size_t end = first + 1;
    while (end < statements.size() && statements[end].goes_on) end++;
    return end - first;
}

std::string joined(const std::vector<Statement> &statements, std::size_t first) {
    std::size_t const count = count_joined(statements, first);
    const Statement &head = statements[first];
    if (count == 1) return head.sql;
    std::string text = head.sql.substr(0, head.action - 1);
    for (std::size_t i = first; i < first + count; i++)
        text +=
            (i == first ? "\n    " : ",\n    ") + statements[i].sql.substr(statements[i].action);
    return text;
}

}  // namespace migrate::schema
