// Constraints that are added NOT VALID and then validated.
#pragma once

#include "engine/online_table.hpp"

namespace migrate::engine {

// A constraint of a table, of any kind; and whether its rows have been looked at.
struct Named {
    std::string name;
    bool valid;
    bool inherited = false;
};
std::optional<Named> find_constraint(const Table &table, const std::string &name);
[[noreturn]] void fail_other_constraint(const Table &table, const std::string &name);  // 42710

// VALIDATE, of the tables below it one by one first. For a row that breaks it: `probe`, which
// should say which, and before that the constraint is dropped if `added` is true, so that nobody's
// writes are refused because of it.
void validate(const Table &table, const std::string &name, bool added,
              const std::function<void()> &probe);

}  // namespace migrate::engine
