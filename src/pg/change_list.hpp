// What a batched change is made of: a SET list and a condition, as users write them, judged by the
// server's grammar.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

struct Assignment {
    std::string column;
    // The text on the right side. None: not a plain "column = expression" (an element, a field, one
    // of several at once, DEFAULT).
    std::optional<std::string> expression;
};

// The SET list of an UPDATE, all of it and nothing else. Throws 42601 for anything that is not.
std::vector<Assignment> parse_assignments(const std::string &text);

// One expression and nothing else; 42601 otherwise. `name` is the argument's.
void check_expression(const std::string &text, const char *name);

// Whether the condition in "SELECT ... WHERE condition" calls a volatile function.
bool has_volatile_condition(const std::string &select);

}  // namespace migrate::pg
