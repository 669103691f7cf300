// The statements of a difference by the object that they are about, as users read them.
#pragma once

#include "schema/statement.hpp"

namespace migrate::schema {

struct Entry {
    Kind kind{};
    std::string object;
    std::vector<Statement> up;    // what is done to it
    std::vector<Statement> down;  // what takes that back

    std::string_view change() const;  // of Change, or "replace"
};

// In the order of the first statement of each.
std::vector<Entry> entries(const std::vector<Statement> &up, const std::vector<Statement> &down);

// "loses data: The rows of the table are lost.", a line each; empty when there are none.
std::string hazards_of(const std::vector<Statement> &statements);

// The statements with their semicolons, a line each.
std::string text_of(const std::vector<Statement> &statements);

}  // namespace migrate::schema
